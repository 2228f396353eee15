import { describe, expect, it } from 'vitest';
import { Watchdog } from './watchdog.ts';

const dog = (options: { fps?: number; audio?: boolean } = {}): Watchdog =>
  new Watchdog({ where: 'cam', fps: 5, audio: false, stream: true, startedAt: 0, ...options });

describe('Watchdog', () => {
  it('gives a camera with rare key frames time for its first picture', () => {
    expect(dog().check(20_000)).toBeUndefined();
    expect(dog().check(20_001)?.fault.reason).toBe('no-video');
  });

  it('ends a connection that has been silent for 4 s', () => {
    const watch = dog();
    watch.picture(1000);
    expect(watch.check(5000)).toBeUndefined();
    expect(watch.check(5001)?.fault.reason).toBe('stalled');
  });

  it('gives a slow camera the time of four pictures', () => {
    const watch = dog({ fps: 0.2 });
    watch.picture(1000);
    expect(watch.check(21_000)).toBeUndefined();
    expect(watch.check(21_001)?.fault.reason).toBe('stalled');
  });

  it('tries without sound when pictures come and nothing else does', () => {
    const watch = dog({ audio: true });
    for (let time = 1000; time <= 7000; time += 200) watch.picture(time);
    expect(watch.check(7000)).toBeUndefined();
    expect(watch.check(7001)).toMatchObject({ withoutAudio: true });
    watch.streamed();
    expect(watch.check(7001)).toBeUndefined();
  });
});
