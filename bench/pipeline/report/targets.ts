import type { CaseFigures } from './case-figures.ts';

export interface Verdict {
  readonly target: string;
  readonly passed: boolean;
  readonly found: string;
}

export const MAX_RATIO = 1.15;
export const MAX_P95_MS = 700;
const CAPACITY = { cameras: 32, fps: 5 } as const;
/** Frames come with jitter: 4.75 looks a second are "5", 0.95 are "1". */
const NEARLY = 0.95;

/** The targets that the cases measured say something about. */
export function verdicts(cases: readonly CaseFigures[]): Verdict[] {
  return cases.flatMap((c) => [...overhead(c), ...capacity(c)]);
}

function overhead(c: CaseFigures): Verdict[] {
  if (c.cameras !== 16 || c.ratio === undefined) return [];
  return [
    {
      target: `overhead at 16 cameras (${name(c)}) ≤ ${MAX_RATIO}`,
      passed: c.ratio <= MAX_RATIO,
      found: `${c.ratio.toFixed(3)} (rounds ${c.ratios.map((r) => r.toFixed(3)).join(', ')})`,
    },
  ];
}

function capacity(c: CaseFigures): Verdict[] {
  if (c.cameras !== CAPACITY.cameras || c.fps !== CAPACITY.fps) return [];
  const target = (text: string): string => `32 cabins (${name(c)}): ${text}`;
  return [
    {
      target: target('what is due is looked at'),
      passed: c.skipped <= 1 - NEARLY,
      found: `${(100 * (1 - c.skipped)).toFixed(1)} %`,
    },
    {
      target: target('every cabin at least once a second'),
      passed: c.leastLooks >= NEARLY,
      found: `${c.leastLooks.toFixed(2)}/s`,
    },
    {
      target: target('no queue growth'),
      passed: c.waiting.perMinute < 1,
      found: `${c.waiting.perMinute.toFixed(2)} frames a minute, at most ${c.waiting.max} waited`,
    },
    {
      target: target(`p95 capture to behaviour ≤ ${MAX_P95_MS} ms`),
      passed: c.latency.p95 <= MAX_P95_MS,
      found: `${c.latency.p95.toFixed(0)} ms`,
    },
  ];
}

const name = (c: CaseFigures): string => `${c.fps} fps, mix ${c.mix}`;
