import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../synthetic/random.ts';
import { cutBox, randomCut, seenShare } from './crop.ts';
import { drawPlain, drawVariant } from './draw-variant.ts';
import { readLabelledFolder } from './labelled-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'labelled-'));
  await mkdir(path.join(folder, 'images'));
  await mkdir(path.join(folder, 'labels'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const BOX = { x1: 0.25, y1: 0.25, x2: 0.75, y2: 0.75 };

/** Black, with the thing in pure red. */
async function picture(name: string): Promise<string> {
  const red = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#f00' } })
    .png()
    .toBuffer();
  const file = path.join(folder, 'images', name);
  await sharp({ create: { width: 160, height: 120, channels: 3, background: '#000' } })
    .composite([{ input: red, left: 40, top: 30 }])
    .png()
    .toFile(file);
  return file;
}

describe('a folder', () => {
  test('in YOLO form gives the boxes of the wanted class; pictures without a label file have none', async () => {
    await picture('a.png');
    await picture('b.png');
    await writeFile(path.join(folder, 'classes.txt'), 'person\nebike\n');
    await writeFile(path.join(folder, 'labels', 'a.txt'), '0 0.1 0.1 0.1 0.1\n1 0.5 0.5 0.5 0.5\n');
    const files = await readLabelledFolder(folder, 'ebike');
    expect(files.map(({ file, boxes }) => [path.basename(file), boxes])).toEqual([
      ['a.png', [BOX]],
      ['b.png', []],
    ]);
    await expect(readLabelledFolder(folder, 'scooter')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/no class "scooter"; it has person, ebike/),
    });
    await writeFile(path.join(folder, 'labels', 'b.txt'), '\n1 0.5 x 0.5 0.5\n');
    await expect(readLabelledFolder(folder, 'ebike')).rejects.toThrow(/b\.txt:2 is not/);
  });

  test('in COCO form likewise', async () => {
    const file = await picture('a.png');
    const coco = {
      images: [{ id: 7, file_name: 'a.png', width: 160, height: 120 }],
      categories: [{ id: 3, name: 'ebike' }],
      annotations: [{ image_id: 7, category_id: 3, bbox: [40, 30, 80, 60] }],
    };
    await writeFile(path.join(folder, 'annotations.json'), JSON.stringify(coco));
    expect(await readLabelledFolder(folder, 'ebike')).toEqual([{ file, boxes: [BOX] }]);
    await writeFile(path.join(folder, 'annotations.json'), '[]');
    await expect(readLabelledFolder(folder, 'ebike')).rejects.toThrow(/not a COCO file/);
  });

  test('with pictures alone shows nothing of the class; an empty or missing one is refused', async () => {
    await rm(path.join(folder, 'labels'), { recursive: true });
    await expect(readLabelledFolder(folder, 'ebike')).rejects.toMatchObject({ code: 'INPUT_EMPTY' });
    await picture('a.png');
    expect((await readLabelledFolder(folder, 'ebike'))[0]?.boxes).toEqual([]);
    await expect(readLabelledFolder(path.join(folder, 'gone'), 'ebike')).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
    });
  });
});

describe('a drawn picture', () => {
  const canvas = { width: 64, height: 64 };
  /** Share of the pixels within the boxes that are rather red, and of those without. */
  function redness({ data, boxes }: Awaited<ReturnType<typeof drawPlain>>): [number, number] {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 64 * 64; i++) {
      const [x, y] = [(i % 64) + 0.5, Math.floor(i / 64) + 0.5];
      const within = boxes.some(([x1, y1, x2, y2]) => x > x1 && x < x2 && y > y1 && y < y2);
      const red = (data[i * 3] as number) > (data[i * 3 + 1] as number) + 30;
      const at = within ? 0 : 2;
      counts[at] = (counts[at] as number) + Number(red);
      counts[at + 1] = (counts[at + 1] as number) + 1;
    }
    const [a = 0, b = 0, c = 0, d = 0] = counts;
    return [a / b, c / d];
  }

  test('fits the whole picture into the canvas, its boxes with it', async () => {
    const source = { file: await picture('a.png'), boxes: [BOX] };
    const drawn = await drawPlain(source, canvas);
    expect(drawn.data).toHaveLength(64 * 64 * 3);
    expect(drawn.boxes).toEqual([[16, 20, 48, 44]]);
    expect([...drawn.data.slice(0, 3)]).toEqual([114, 114, 114]);
    const [inside, outside] = redness(drawn);
    expect(inside).toBeGreaterThan(0.95);
    expect(outside).toBeLessThan(0.05);
  });

  /** How much brighter red is within the boxes than without, 0–255: grey pictures of a red thing on black have it too. */
  function contrast({ data, boxes }: Awaited<ReturnType<typeof drawPlain>>): number {
    const [inside, outside]: [number[], number[]] = [[], []];
    for (let i = 0; i < 64 * 64; i++) {
      const [x, y] = [(i % 64) + 0.5, Math.floor(i / 64) + 0.5];
      const within = boxes.some(([x1, y1, x2, y2]) => x > x1 && x < x2 && y > y1 && y < y2);
      if (within) inside.push(data[i * 3] as number);
      else if (Math.abs((data[i * 3] as number) - 114) > 2) outside.push(data[i * 3] as number);
    }
    const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    return mean(inside) - mean(outside);
  }

  test('as a variant is the same for the same seed, and its boxes still hold the thing', async () => {
    const source = { file: await picture('a.png'), boxes: [BOX] };
    const first = await drawVariant(source, canvas, createRandom(1));
    expect(await drawVariant(source, canvas, createRandom(1))).toEqual(first);
    for (let seed = 2; seed < 14; seed++) {
      const drawn = await drawVariant(source, canvas, createRandom(seed));
      expect(drawn.data, `seed ${seed}`).toHaveLength(64 * 64 * 3);
      expect(contrast(drawn), `seed ${seed}`).toBeGreaterThan(40);
    }
  });

  test('keeps three quarters of each thing where a cut can', () => {
    for (let seed = 0; seed < 50; seed++) {
      const cut = randomCut({ width: 640, height: 360 }, [BOX], createRandom(seed));
      expect(seenShare(cutBox(BOX, cut, 640, 360))).toBeGreaterThanOrEqual(0.75);
    }
  });
});
