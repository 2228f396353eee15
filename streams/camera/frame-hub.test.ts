import { describe, expect, it } from 'vitest';
import { type Frame, FramePool } from '../../core/index.ts';
import { FrameHub } from './frame-hub.ts';

/** A pool that counts the buffers that are out. */
class CountingPool extends FramePool {
  out = 0;

  picture(ts: number): Frame {
    this.out++;
    const frame = this.frame({ liftId: 'lift', ts, width: 2, height: 2 }, this.take(12));
    frame.data.fill(ts);
    let open = true;
    const close = (): void => {
      if (open) this.out--;
      open = false;
      frame.close();
    };
    return { ...frame, close };
  }
}

async function take(frames: AsyncIterator<Frame>): Promise<number | undefined> {
  const { value, done } = await frames.next();
  if (done) return undefined;
  const { ts } = value as Frame;
  (value as Frame).close();
  return ts;
}

describe('FrameHub', () => {
  it('gives every reader every picture, and buffers back when all have closed theirs', async () => {
    const pool = new CountingPool();
    const hub = new FrameHub();
    const abort = new AbortController();
    const readers = [hub.frames(abort.signal), hub.frames(abort.signal)].map((r) =>
      r[Symbol.asyncIterator](),
    );
    const waiting = readers.map(take);
    hub.push(pool.picture(1));
    expect(await Promise.all(waiting)).toEqual([1, 1]);
    expect(pool.out).toBe(1); // the latest, for snapshots
    hub.close();
    expect(pool.out).toBe(0);
  });

  it('lets the newest win, and counts what gave way', async () => {
    const pool = new CountingPool();
    const hub = new FrameHub();
    const abort = new AbortController();
    const reader = hub.frames(abort.signal)[Symbol.asyncIterator]();
    const first = take(reader);
    for (const ts of [1, 2, 3, 4, 5]) hub.push(pool.picture(ts));
    expect([await first, await take(reader)]).toEqual([4, 5]);
    expect(hub.dropped).toBe(3);
    expect(pool.out).toBe(1);
  });

  it('ends its readers when aborted or closed, and keeps nothing', async () => {
    const pool = new CountingPool();
    const hub = new FrameHub();
    const abort = new AbortController();
    const ends = [hub.frames(abort.signal), hub.frames(new AbortController().signal)].map((r) =>
      take(r[Symbol.asyncIterator]()),
    );
    abort.abort();
    hub.close();
    expect(await Promise.all(ends)).toEqual([undefined, undefined]);
    expect(await take(hub.frames(new AbortController().signal)[Symbol.asyncIterator]())).toBeUndefined();
    expect(pool.out).toBe(0);
  });

  it('holds no picture back for a reader that has not begun to read', () => {
    const pool = new CountingPool();
    const hub = new FrameHub();
    for (const ts of [1, 2, 3]) hub.push(pool.picture(ts));
    expect(hub.latest?.ts).toBe(3);
    expect(pool.out).toBe(1);
  });
});
