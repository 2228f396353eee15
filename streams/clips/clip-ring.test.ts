import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { mediaFixture } from '../../tests/fixtures/media.ts';
import { ClipRing } from './clip-ring.ts';
import { TsReader } from './ts-reader.ts';

const FPS = 10;
const SECONDS = 6;
/** Six seconds of ten pictures, a key frame each second, with B-frames and sound. */
let stream: Buffer;

beforeAll(async () => {
  const source = `testsrc=size=160x90:rate=${FPS}:duration=${SECONDS}`;
  const video = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '2',
    '-g',
    String(FPS),
    '-sc_threshold',
    '0',
  ];
  stream = await readFile(
    await mediaFixture('ts', [
      '-f',
      'lavfi',
      '-i',
      source,
      '-f',
      'lavfi',
      '-i',
      `sine=duration=${SECONDS}`,
      ...video,
      '-c:a',
      'aac',
    ]),
  );
});

function read(portions: readonly number[], bytes = stream) {
  let pictures = 0;
  let keys = 0;
  const out: Buffer[] = [];
  const reader = new TsReader({
    picture: (key) => {
      pictures++;
      if (key) keys++;
    },
    packets: (part) => out.push(Buffer.from(part)),
  });
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = portions[k % portions.length] as number;
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  return { pictures, keys, bytes: Buffer.concat(out), header: reader.header };
}

describe('TsReader', () => {
  it('finds every picture and key frame, and loses no byte, in any portions', () => {
    const portions = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(portions, (sizes) => {
        const seen = read(sizes);
        expect([seen.pictures, seen.keys]).toEqual([FPS * SECONDS, SECONDS]);
        expect(seen.bytes.equals(stream)).toBe(true);
        expect(seen.header.length).toBe(376);
      }),
      { numRuns: 30 },
    );
  });

  it('finds its way again after garbage', () => {
    const cut = 188 * 400;
    const garbage = Buffer.alloc(777, 0x20);
    const seen = read([1000], Buffer.concat([stream.subarray(0, cut), garbage, stream.subarray(cut)]));
    expect(seen.pictures).toBe(FPS * SECONDS);
    expect(seen.bytes.equals(stream)).toBe(true);
  });

  it('makes nothing of what is no transport stream, and keeps nothing of it', () => {
    expect(read([1000], Buffer.alloc(100_000, 0x20))).toMatchObject({
      pictures: 0,
      keys: 0,
      header: Buffer.alloc(0),
    });
  });
});

/** Feeds the stream as if it came in real time: one packet after the other, spread over its seconds. */
function feed(ring: ClipRing, from = 0): void {
  const packets = stream.length / 188;
  for (let k = 0; k < packets; k++) {
    ring.push(stream.subarray(k * 188, (k + 1) * 188), from + (k * SECONDS * 1000) / packets);
  }
}

const ringOf = (keepMs: number, maxBytes = 1e9): ClipRing => {
  const ring = new ClipRing({ keepMs, maxBytes });
  ring.newConnection();
  return ring;
};

describe('ClipRing', () => {
  it('reaches back as far as asked for, by a key frame at most further', () => {
    const ring = ringOf(3000);
    feed(ring);
    const reach = 6000 - (ring.reachesBackTo ?? 0);
    expect(reach).toBeGreaterThanOrEqual(2900);
    expect(reach).toBeLessThan(4200);
    expect(ring.pictures).toBe(60);
  });

  it('never holds more bytes than it may', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 120_000 }), (maxBytes) => {
        const ring = ringOf(60_000, maxBytes);
        let most = 0;
        ring.follow(() => {
          most = Math.max(most, ring.bytes);
        });
        feed(ring);
        expect(ring.bytes).toBeLessThanOrEqual(maxBytes);
        // One packet and the tables before it come in before anything older goes.
        expect(most).toBeLessThanOrEqual(maxBytes + 3 * 188);
      }),
      { numRuns: 20 },
    );
  });

  it('lets go of everything in time while nothing comes', () => {
    const ring = ringOf(3000);
    feed(ring);
    ring.expire(8900);
    expect(ring.bytes).toBeGreaterThan(0);
    ring.expire(9100);
    expect([ring.bytes, ring.reachesBackTo]).toEqual([0, undefined]);
  });

  it('cuts from the key frame before to the end asked for', () => {
    const ring = ringOf(60_000);
    feed(ring);
    const cut = ring.cut(2500, 4000);
    expect(cut?.startedAt).toBeGreaterThan(1500);
    expect(cut?.startedAt).toBeLessThanOrEqual(2500);
    expect(cut?.parts.at(-1)?.at).toBeLessThanOrEqual(4000);
    expect(cut?.parts.at(-1)?.at).toBeGreaterThan(3900);
    // Tables first, so that it can be played from its first byte.
    const seen = read([4096], Buffer.concat(cut?.parts.map((part) => part.bytes) ?? []));
    expect(seen.keys).toBeGreaterThanOrEqual(2);
    expect(seen.header.length).toBe(376);
  });

  it('has nothing of times it does not hold', () => {
    const ring = ringOf(60_000);
    expect(ring.cut(0, 1000)).toBeUndefined();
    feed(ring, 10_000);
    expect(ring.cut(0, 5000)).toBeUndefined();
    expect(ring.cut(30_000, 31_000)).toBeUndefined();
  });

  it('keeps connections apart', () => {
    const ring = ringOf(60_000);
    feed(ring);
    ring.newConnection();
    feed(ring, 7000);
    const cut = ring.cut(5000, 9000);
    expect(cut?.startedAt).toBeGreaterThanOrEqual(7000);
    expect(cut?.connection).toBe(2);
  });

  it('tells followers all that comes, and what begins with a key frame', () => {
    const ring = ringOf(1000);
    const parts: boolean[] = [];
    const stop = ring.follow(({ key }) => parts.push(key));
    feed(ring);
    stop();
    feed(ring, 6000);
    expect(parts.filter(Boolean)).toHaveLength(SECONDS);
    expect(parts).toHaveLength(stream.length / 188);
  });
});
