import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { MODEL_RUNS } from '../measure/model-runs.ts';
import type { CaseFigures, Percentiles } from './case-figures.ts';

const fixed = (value: number | undefined, digits = 2): string =>
  value === undefined ? '–' : value.toFixed(digits);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const three = ({ p50, p95, p99 }: Percentiles): string =>
  [p50, p95, p99].map((ms) => ms.toFixed(0)).join(' / ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What was asked and what came of it. */
export function caseTable(cases: readonly CaseFigures[]): string {
  const head = [
    'cameras',
    'fps',
    'mix',
    'looks/s active (due)',
    'least–most',
    'looks/s empty (due)',
    'skipped',
    'capture → behaviour p50 / p95 / p99, ms',
    'waiting mean (max)',
    'pipeline, cores',
    'bare, cores',
    'ratio',
    'memory Node + ffmpeg, MB',
  ];
  return table(
    head,
    cases.map((c) => [
      String(c.cameras),
      String(c.fps),
      String(c.mix),
      c.mix > 0 ? `${fixed(c.activeLooks)} (${fixed(c.activeDue)})` : '–',
      c.mix > 0 ? c.activeRange.map((r) => fixed(r)).join('–') : '–',
      c.mix < 1 ? `${fixed(c.emptyLooks)} (${fixed(c.emptyDue)})` : '–',
      percent(c.skipped),
      three(c.latency),
      `${fixed(c.waiting.mean, 1)} (${c.waiting.max})`,
      fixed(c.cores.all),
      fixed(c.bare?.all),
      fixed(c.ratio, 3),
      `${c.megabytes.node.toFixed(0)} + ${c.megabytes.ffmpeg.toFixed(0)}`,
    ]),
  );
}

/** Where the time goes: cores of each part, beside the bare counterpart. */
export function breakdownTable(cases: readonly CaseFigures[]): string {
  const head = [
    'cameras',
    'fps',
    'mix',
    'runs/s whole + crop + quick whole + quick crop + pose',
    'model threads (bare)',
    'ffmpeg (bare)',
    'main thread',
    'media server',
    'other threads',
    'loop delay p99, ms',
    'simulator, beside it',
  ];
  return table(
    head,
    cases.map((c) => [
      String(c.cameras),
      String(c.fps),
      String(c.mix),
      MODEL_RUNS.map((kind) => fixed(c.runsPerSecond[kind], 1)).join(' + '),
      `${fixed(c.cores.inference, 3)} (${fixed(c.bare?.onnx, 3)})`,
      `${fixed(c.cores.ffmpeg, 3)} (${fixed(c.bare?.decode, 3)})`,
      fixed(c.cores.main, 3),
      fixed(c.cores.media, 3),
      fixed(c.cores.other, 3),
      fixed(c.loopDelayP99, 0),
      fixed(c.cores.simulator, 3),
    ]),
  );
}

/** The machine and the programs, for whoever compares figures. */
export async function machineLines(): Promise<string[]> {
  const cpu =
    /model name\s*:\s*(.*)/.exec(await readFile('/proc/cpuinfo', 'utf8'))?.[1] ?? os.cpus()[0]?.model;
  const ffmpeg = execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }).split('\n')[0];
  return [
    `${os.cpus().length} × ${cpu}, ${(os.totalmem() / 1e9).toFixed(0)} GB; ${os.type()} ${os.release()}`,
    `Node ${process.version}; ${ffmpeg}`,
    `load before: ${os
      .loadavg()
      .map((l) => l.toFixed(1))
      .join(' ')}`,
  ];
}
