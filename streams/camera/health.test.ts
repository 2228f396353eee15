import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CameraHealthMachine, type HealthEvent } from './health.ts';

const fault = { reason: 'refused', message: 'refused' } as const;

function machine(): CameraHealthMachine {
  const health = new CameraHealthMachine({ staleAfterMs: 2000, offlineAfterMs: 8000 });
  health.push({ type: 'started' }, 0);
  return health;
}

describe('CameraHealthMachine', () => {
  it('is connecting until the first picture', () => {
    const health = machine();
    expect(health.push({ type: 'tick' }, 1000)).toBe('connecting');
    expect(health.push({ type: 'picture' }, 1500)).toBe('online');
    expect(health.view()).toMatchObject({ since: 1500, lastPictureAt: 1500 });
  });

  it('gets stale, then offline, when pictures stop', () => {
    const health = machine();
    health.push({ type: 'picture' }, 1000);
    expect(health.push({ type: 'tick' }, 3000)).toBe('online');
    expect(health.push({ type: 'tick' }, 3001)).toBe('stale');
    expect(health.push({ type: 'tick' }, 9000)).toBe('stale');
    expect(health.push({ type: 'tick' }, 9001)).toBe('offline');
  });

  it('is offline at once when the first connection fails', () => {
    expect(machine().push({ type: 'failed', fault }, 10)).toBe('offline');
  });

  it('does not call a short break offline', () => {
    const health = machine();
    health.push({ type: 'picture' }, 1000);
    expect(health.push({ type: 'failed', fault }, 1100)).toBe('online');
    expect(health.push({ type: 'tick' }, 3001)).toBe('offline');
    expect(health.push({ type: 'picture' }, 3500)).toBe('online');
  });

  it('counts connections after the first, and forgets the fault with the new one', () => {
    const health = machine();
    for (const time of [100, 200, 300]) {
      health.push({ type: 'connected' }, time);
      health.push({ type: 'picture' }, time);
      health.push({ type: 'failed', fault }, time + 50);
    }
    expect(health.view()).toMatchObject({ reconnects: 2, fault });
    health.push({ type: 'connected' }, 400);
    expect(health.view()).toMatchObject({ reconnects: 3, fault: undefined });
  });

  it('gives a slow camera the time of its pictures', () => {
    const health = machine();
    health.push({ type: 'expected', fps: 0.2 }, 0);
    health.push({ type: 'picture' }, 1000);
    expect(health.push({ type: 'tick' }, 13_500)).toBe('online');
    expect(health.push({ type: 'tick' }, 13_501)).toBe('stale');
    expect(health.push({ type: 'tick' }, 21_001)).toBe('offline');
  });

  it('shows what others judge of the picture only while pictures come', () => {
    const health = machine();
    health.push({ type: 'picture' }, 1000);
    expect(health.push({ type: 'verdict', verdict: 'frozen' }, 1100)).toBe('frozen');
    expect(health.push({ type: 'tick' }, 3500)).toBe('stale');
    expect(health.push({ type: 'picture' }, 3600)).toBe('frozen');
    expect(health.push({ type: 'verdict', verdict: undefined }, 3700)).toBe('online');
  });
});

describe('CameraHealthMachine, whatever happens', () => {
  const event = fc.oneof(
    fc.constant<HealthEvent>({ type: 'picture' }),
    fc.constant<HealthEvent>({ type: 'connected' }),
    fc.constant<HealthEvent>({ type: 'failed', fault }),
    fc.constant<HealthEvent>({ type: 'tick' }),
    fc.constantFrom<HealthEvent>(
      { type: 'verdict', verdict: 'frozen' },
      { type: 'verdict', verdict: 'blocked' },
      { type: 'verdict', verdict: undefined },
    ),
  );
  const story = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 4000 })), { maxLength: 60 });

  function replay(steps: readonly (readonly [HealthEvent, number])[]) {
    const health = machine();
    const seen: {
      time: number;
      event: HealthEvent;
      state: string;
      since: number;
      picture: number | undefined;
    }[] = [];
    let time = 0;
    for (const [event, wait] of steps) {
      time += wait;
      const state = health.push(event, time);
      seen.push({ time, event, state, since: health.view().since, picture: health.view().lastPictureAt });
    }
    return seen;
  }

  it('never says online, frozen or blocked without a picture of the last 2 s', () => {
    fc.assert(
      fc.property(story, (steps) => {
        for (const { state, time, picture } of replay(steps)) {
          if (['online', 'frozen', 'blocked'].includes(state))
            expect(time - (picture ?? -Infinity)).toBeLessThanOrEqual(2000);
        }
      }),
    );
  });

  it('is offline whenever there was no picture for 8 s', () => {
    fc.assert(
      fc.property(story, (steps) => {
        for (const { state, time, picture } of replay(steps)) {
          if (time - (picture ?? 0) > 8000) expect(state).toBe('offline');
        }
      }),
    );
  });

  it('is never offline right after a picture', () => {
    fc.assert(
      fc.property(story, (steps) => {
        for (const { state, event } of replay(steps))
          if (event.type === 'picture') expect(state).not.toBe('offline');
      }),
    );
  });

  it('changes `since` exactly when the state changes, and never back', () => {
    fc.assert(
      fc.property(story, (steps) => {
        let before = { state: 'connecting', since: 0 };
        for (const { state, since, time } of replay(steps)) {
          expect(since).toBe(state === before.state ? before.since : time);
          before = { state, since };
        }
      }),
    );
  });

  it('is told the same twice without change', () => {
    fc.assert(
      fc.property(story, (steps) => {
        expect(replay(steps)).toEqual(replay(steps));
      }),
    );
  });
});
