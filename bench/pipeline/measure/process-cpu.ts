import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What `/proc/PID/stat` says of one process or thread (proc(5)). */
export interface ProcStat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Processor time of all its threads and of its ended children, user and system, s. */
  readonly cpu: number;
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** @param withChildren off for a thread, whose line repeats its process' figures for ended children */
export function parseStat(line: string, withChildren = true): ProcStat {
  // The name stands in parentheses and may itself hold any of them.
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  const fields = line.slice(close + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const ended = withChildren ? field(16) + field(17) : 0;
  return {
    pid: Number(line.slice(0, open)),
    parent: field(4),
    name: line.slice(open + 1, close),
    cpu: (field(14) + field(15) + ended) / TICKS,
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // it ended in between
  }
}

/** A process and all that descend from it. */
export function processTree(root: number): ProcStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => read(`/proc/${pid}/stat`))
    .filter((line) => line !== undefined)
    .map((line) => parseStat(line));
  const found = all.filter((p) => p.pid === root);
  for (let k = 0; k < found.length; k++) found.push(...all.filter((p) => p.parent === found[k]!.pid));
  return found;
}

/** Processor time of each thread of a process by thread id, s. */
export function threadTimes(pid: number): Map<number, number> {
  const times = new Map<number, number>();
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const line = read(`/proc/${pid}/task/${tid}/stat`);
    if (line) times.set(Number(tid), parseStat(line, false).cpu);
  }
  return times;
}

/** Memory of a process in use, bytes, what it shares with others counted in proportion (PSS); 0 once it has ended. */
export function memoryOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return 1024 * Number(kilobytes ?? 0);
}

/** Open files of a process. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
