import { describe, expect, it } from 'vitest';
import { FloodControl } from './flood-control.ts';

const LIMITS = { fps: 40, bytes: 5e6 };

/** Samples once a second until something other than `fine` is said; gives it and the time. */
function run(control: FloodControl, fps: number, from: number, guarded: boolean, seconds = 1200) {
  control.restart();
  for (let second = 1; second <= seconds; second++) {
    const time = from + second * 1000;
    const verdict = control.sample(fps, 0, LIMITS, time, guarded);
    if (verdict !== 'fine') return { verdict, time };
  }
  return { verdict: 'fine', time: from + seconds * 1000 };
}

describe('FloodControl', () => {
  it('guards a flood after 3 s, and tries again a minute later', () => {
    const control = new FloodControl();
    const first = run(control, 200, 0, false);
    expect(first).toEqual({ verdict: 'guard', time: 3000 });
    expect(control.guarded(3000)).toBe(true);
    expect(run(control, 10, 3000, true)).toEqual({ verdict: 'retry', time: 63_000 });
    expect(control.guarded(63_000)).toBe(false);
  });

  it('guards for twice as long each time, up to ten minutes', () => {
    const control = new FloodControl();
    let time = 0;
    const lengths: number[] = [];
    for (let k = 0; k < 6; k++) {
      const flood = run(control, 200, time, false);
      const retry = run(control, 10, flood.time, true);
      lengths.push((retry.time - flood.time) / 1000);
      time = retry.time;
    }
    expect(lengths).toEqual([60, 120, 240, 480, 600, 600]);
  });

  it('leaves a camera alone that floods even with key frames', () => {
    const control = new FloodControl();
    const { time } = run(control, 200, 0, false);
    expect(run(control, 200, time, true)).toEqual({ verdict: 'leave', time: time + 3000 });
    expect(control.remaining(time + 3000)).toBe(57_000);
  });

  it('forgets after a long time without a flood', () => {
    const control = new FloodControl();
    let time = run(control, 200, 0, false).time;
    time = run(control, 10, time, true).time;
    time = run(control, 10, time, false, 600).time;
    const again = run(control, 200, time, false);
    expect(run(control, 10, again.time, true).time - again.time).toBe(60_000);
  });
});
