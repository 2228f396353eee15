import { memoryOf, processTree } from '../measure/process-cpu.ts';
import { mean, slope, thinned } from '../measure/statistics.ts';
import type { Pipeline } from './troubles.ts';

export interface Sample {
  readonly minute: number;
  /** Megabytes. */
  readonly node: number;
  readonly ffmpeg: number;
  readonly heap: number;
  readonly external: number;
  readonly processes: number;
  readonly openFiles: number;
  readonly online: number;
  /** Measured after a collection of the heap. */
  readonly collected: boolean;
}

/** Growth over the whole soak, as a share of the mean, that still counts as flat. */
const FLAT = 0.05;

export async function takeSample(pipeline: Pipeline, minute: number, gc: boolean): Promise<Sample> {
  const report = await pipeline.ask({ kind: 'report', gc });
  // What a window collects must not be taken for a leak.
  await pipeline.ask({ kind: 'begin' });
  const children = processTree(pipeline.pid).filter((p) => p.pid !== pipeline.pid);
  return {
    minute,
    node: memoryOf(pipeline.pid) / 1e6,
    ffmpeg: children.reduce((sum, p) => sum + memoryOf(p.pid), 0) / 1e6,
    heap: report.memory.heap / 1e6,
    external: report.memory.external / 1e6,
    processes: children.length,
    openFiles: report.openFiles,
    online: report.online,
    collected: gc,
  };
}

/** Without the first fifth, in which caches and pools fill. */
export function soakTable(all: readonly Sample[], minutes: number): string {
  const samples = all.filter((s) => s.minute >= minutes / 5);
  const row = (name: string, of: (s: Sample) => number, chosen = samples): string => {
    const points = thinned(chosen, 400).map((s) => ({ x: s.minute, y: of(s) }));
    const values = points.map((p) => p.y);
    const tilt = slope(points);
    const flat = Math.abs(tilt * minutes) <= FLAT * mean(values);
    const cells = [values[0] ?? 0, mean(values), Math.max(...values), values.at(-1) ?? 0];
    const text = cells.map((v) => v.toFixed(1)).join(' | ');
    return `| ${name} | ${text} | ${(60 * tilt).toFixed(1)} | ${flat ? 'yes' : 'NO'} |`;
  };
  return [
    `| after the first ${(minutes / 5).toFixed(1)} min | first | mean | most | last | slope an hour | flat |`,
    '|---|---|---|---|---|---|---|',
    row('Node, MB', (s) => s.node),
    row(
      'heap after collection, MB',
      (s) => s.heap,
      samples.filter((s) => s.collected),
    ),
    row('external and buffers, MB', (s) => s.external),
    row('ffmpegs, MB', (s) => s.ffmpeg),
    row('ffmpeg processes', (s) => s.processes),
    row('open files', (s) => s.openFiles),
    `\nFlat: the slope (Theil–Sen) over the whole soak is at most ${FLAT * 100} % of the mean.`,
  ].join('\n');
}
