import { describe, expect, it } from 'vitest';
import { parseStat } from './process-cpu.ts';

const LINE =
  '812 (node (x) y) S 7 812 812 0 -1 4194304 9000 50 0 0 300 100 20 30 20 0 11 0 5000 1000000 9000 18446744073709551615';

describe.runIf(process.platform === 'linux')('a line of /proc/PID/stat', () => {
  it('is read with any name, and counts ended children for a process only', () => {
    expect(parseStat(LINE)).toEqual({ pid: 812, parent: 7, name: 'node (x) y', cpu: 4.5 });
    expect(parseStat(LINE, false).cpu).toBe(4);
  });
});
