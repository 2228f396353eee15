import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { type Box, createFrame, type Frame } from '../../core/index.ts';

/** A labelled box: the class's number and where it is. */
export interface YoloBox {
  readonly label: number;
  readonly box: Box;
}

/** Names of the pictures in `folder/images`, without their endings, in a fixed order. */
export async function stillNames(folder: string): Promise<{ name: string; file: string }[]> {
  const files = (await readdir(path.join(folder, 'images'))).filter((name) => /\.(jpe?g|png)$/i.test(name));
  return files
    .sort()
    .map((file) => ({ name: path.parse(file).name, file: path.join(folder, 'images', file) }));
}

/** A picture file as a frame; `width` scales it down to what a camera's pictures are judged at. */
export async function readStill(file: string, width?: number): Promise<Frame> {
  const picture = sharp(file).removeAlpha().toColourspace('srgb');
  const scaled = width ? picture.resize({ width, withoutEnlargement: true }) : picture;
  const { data, info } = await scaled.raw().toBuffer({ resolveWithObject: true });
  const meta = { liftId: path.basename(file), ts: 0, width: info.width, height: info.height };
  return createFrame(meta, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** The numbers of a YOLO label file, a row a thing; none where there is no file. */
export async function yoloRows(file: string): Promise<number[][]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => line.trim().split(/\s+/).map(Number));
}

/** `class cx cy w h`, normalised. */
export function yoloBox([label = -1, cx = 0, cy = 0, w = 0, h = 0]: readonly number[]): YoloBox {
  return { label, box: { x1: cx - w / 2, y1: cy - h / 2, x2: cx + w / 2, y2: cy + h / 2 } };
}
