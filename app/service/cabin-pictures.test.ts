import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Box, Scene } from '../../core/index.ts';
import { createCabinPictures } from './cabin-pictures.ts';
import { hideFaces } from './hide-faces.ts';

const WIDTH = 320;
const HEIGHT = 180;
const FACE: Box = { x1: 0.25, y1: 0.25, x2: 0.5, y2: 0.75 };

/** Fine stripes everywhere: what a square hides is their contrast. */
async function stripes(): Promise<Buffer> {
  const data = Buffer.from(
    Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (Math.floor(i / 3 / 4) % 2 ? 230 : 20)),
  );
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .withExif({ IFD2: { DateTimeOriginal: '2026:01:31 12:34:56' } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** Standard deviation of the brightness inside a region. */
async function contrast(jpeg: Uint8Array, { x1, y1, x2, y2 }: Box): Promise<number> {
  const [left, top] = [Math.round(x1 * WIDTH), Math.round(y1 * HEIGHT)];
  const size = { width: Math.round((x2 - x1) * WIDTH), height: Math.round((y2 - y1) * HEIGHT) };
  const { channels } = await sharp(
    await sharp(jpeg)
      .extract({ left, top, ...size })
      .png()
      .toBuffer(),
  ).stats();
  return channels[0]?.stdev ?? 0;
}

describe('hideFaces', () => {
  it('leaves nothing but coarse squares of a region, and everything else as it was', async () => {
    const hidden = await hideFaces(await stripes(), [FACE]);
    expect(await contrast(hidden, FACE)).toBeLessThan(30);
    expect(await contrast(hidden, { x1: 0.6, y1: 0.1, x2: 0.9, y2: 0.9 })).toBeGreaterThan(80);
    const { width, height, exif } = await sharp(hidden).metadata();
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    expect(exif?.includes('2026:01:31 12:34:56')).toBe(true);
  });

  it('takes regions at the edge of the picture', async () => {
    const corner = { x1: 0.9, y1: 0.9, x2: 1, y2: 1 };
    const edge = { x1: 1, y1: 0, x2: 1, y2: 0.5 };
    expect(await contrast(await hideFaces(await stripes(), [corner, edge]), corner)).toBeLessThan(30);
  });
});

describe('cabin pictures', () => {
  const setUp = (scene?: Scene) => {
    const stage = { now: 0, taken: 0 };
    const pictures = createCabinPictures({
      camera: () => ({
        snapshot: async () => ({
          jpeg: await stripes(),
          ts: 1000 + ++stage.taken,
          width: WIDTH,
          height: HEIGHT,
        }),
      }),
      scene: () => scene,
      stopwatch: () => stage.now,
    });
    return { stage, pictures };
  };

  it('show nobody where no model has looked', async () => {
    const { pictures } = setUp();
    const { jpeg } = await pictures('a', { hideFaces: true });
    expect(await contrast(jpeg, { x1: 0, y1: 0, x2: 1, y2: 1 })).toBeLessThan(30);
    const clear = await pictures('a', { hideFaces: false });
    expect(await contrast(clear.jpeg, FACE)).toBeGreaterThan(80);
  });

  it('are made once a second for all who watch', async () => {
    const { stage, pictures } = setUp();
    const [one, two] = await Promise.all([1, 2].map(() => pictures('a', { hideFaces: true })));
    expect(two).toBe(one);
    await pictures('b', { hideFaces: true });
    stage.now = 1001;
    expect((await pictures('a', { hideFaces: true })).takenAt).toBe(1003);
  });
});
