import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { readTruth } from '../truth/read.ts';
import { exportClips } from './export-clip.ts';

const CLIP = fileURLToPath(new URL('../clips/fall', import.meta.url));

it('writes a clip as pictures with COCO and YOLO labels', async () => {
  const out = mkdtempSync(join(tmpdir(), 'cabinwatch-export-'));
  await exportClips({ clips: [CLIP], out, every: 60 });
  const { frames, header } = await readTruth(join(CLIP, 'truth.jsonl.gz'));
  const wanted = Math.ceil(frames.length / 60);
  const images = readdirSync(join(out, 'images')).sort();
  expect(images).toHaveLength(wanted);
  expect(readdirSync(join(out, 'labels'))).toHaveLength(wanted);
  const { width, height } = await sharp(join(out, 'images', images[3] as string)).metadata();
  expect([width, height]).toEqual([header.width, header.height]);
  const coco = JSON.parse(readFileSync(join(out, 'annotations.json'), 'utf8'));
  expect(coco.images.map((i: { file_name: string }) => i.file_name)).toEqual(
    images.map((i) => `images/${i}`),
  );
  const lying = coco.annotations.find((a: { image_id: number }) => a.image_id === 4);
  const [x1, y1] = frames[180]?.people[0]?.visibleBox ?? [];
  expect(lying.bbox[0]).toBeCloseTo((x1 ?? 0) * header.width, 0);
  expect(lying.bbox[1]).toBeCloseTo((y1 ?? 0) * header.height, 0);
  expect(lying.keypoints).toHaveLength(51);
});

it('says which clip is missing', async () => {
  const out = mkdtempSync(join(tmpdir(), 'cabinwatch-export-'));
  await expect(exportClips({ clips: ['/nowhere'], out })).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
});
