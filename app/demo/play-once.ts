import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoClip } from './clip-truth.ts';
import { compareWithTruth, type Finding } from './compare.ts';
import type { Demo } from './start-demo.ts';

export interface ClipVerdict {
  readonly clip: string;
  readonly agrees: boolean;
  readonly findings: readonly Finding[];
}

export interface PlayOptions {
  /** Cameras that play at the same time, at most: more than the machine can look at would show its limits, not ours. */
  readonly atOnce: number;
  readonly start: (clips: readonly DemoClip[]) => Promise<Demo>;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
}

/** What the clip's end shows is looked at, judged and told within this time, ms. */
const AFTERMATH_MS = 3000;
/** A camera that has not begun to play by now never will, ms. */
const BEGIN_MS = 60_000;
const POLL_MS = 100;

/** Plays every clip once, in rounds of one size, and holds the alarms that arrived against what is true of each. */
export async function playOnce(
  clips: readonly DemoClip[],
  { atOnce, start, signal, onProgress }: PlayOptions,
): Promise<ClipVerdict[]> {
  const size = Math.ceil(clips.length / Math.ceil(clips.length / atOnce));
  const verdicts: ClipVerdict[] = [];
  while (verdicts.length < clips.length) {
    const before = verdicts.length;
    const round = clips.slice(before, before + size);
    signal.throwIfAborted();
    const demo = await start(round);
    try {
      await playedOut(demo, round, signal, (done) => onProgress?.(before + done, clips.length));
      verdicts.push(...round.map((clip) => verdict(demo, clip)));
    } finally {
      await demo.close();
    }
  }
  return verdicts;
}

async function playedOut(
  demo: Demo,
  clips: readonly DemoClip[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<void> {
  const began = performance.now();
  const isOver = ({ name, duration }: DemoClip): boolean => {
    const { startedAt } = demo.simulator.status(name);
    if (startedAt === undefined) return performance.now() - began > BEGIN_MS;
    return Date.now() > startedAt + duration * 1000 + AFTERMATH_MS;
  };
  for (;;) {
    signal.throwIfAborted();
    const done = clips.filter(isOver).length;
    onProgress(done);
    if (done === clips.length) return;
    await sleep(POLL_MS, undefined, { signal });
  }
}

function verdict(demo: Demo, clip: DemoClip): ClipVerdict {
  const { startedAt } = demo.simulator.status(clip.name);
  if (startedAt === undefined) {
    const finding: Finding = { expected: 'nothing', got: 'no picture', seconds: undefined, agrees: false };
    return { clip: clip.name, agrees: false, findings: [finding] };
  }
  const alarms = demo.receiver.alarms
    .filter(({ message }) => message.data.incident.liftId === clip.name)
    // What comes of the camera's end is no part of the clip.
    .filter(({ message }) => message.data.incident.startedAt < startedAt + (clip.duration - 0.5) * 1000)
    .map(({ message, receivedAt }) => ({ message, at: (receivedAt - startedAt) / 1000 }))
    .filter(({ at }) => at <= clip.duration + AFTERMATH_MS / 1000);
  const findings = compareWithTruth(clip, alarms);
  return { clip: clip.name, agrees: findings.every((f) => f.agrees), findings };
}
