import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Box, CabinwatchError } from '../../core/index.ts';

/** A picture file and where the things of the wanted class are in it. */
export interface LabelledFile {
  readonly file: string;
  /** Normalised to the picture. */
  readonly boxes: readonly Box[];
}

/**
 * Pictures with boxes of one class, from a folder in one of two forms:
 * COCO: `annotations.json`, whose file names are relative to the folder or to its images/;
 * YOLO: `images/`, `labels/` (a .txt a picture) and `classes.txt`. A picture without a label file shows nothing of it.
 * A folder with `images/` alone holds pictures without the thing.
 * @throws CabinwatchError INPUT_NOT_FOUND, INPUT_EMPTY or INPUT_INVALID, naming the file
 */
export async function readLabelledFolder(folder: string, label: string): Promise<LabelledFile[]> {
  const files = existsSync(path.join(folder, 'annotations.json'))
    ? await readCoco(folder, label)
    : await readYolo(folder, label);
  if (files.length > 0) return files;
  throw new CabinwatchError('INPUT_EMPTY', `${folder} holds no picture (.jpg or .png in its images/).`);
}

interface Coco {
  readonly images: readonly { id: number; file_name: string; width: number; height: number }[];
  readonly annotations: readonly {
    image_id: number;
    category_id: number;
    bbox: [number, number, number, number];
  }[];
  readonly categories: readonly { id: number; name: string }[];
}

async function readCoco(folder: string, label: string): Promise<LabelledFile[]> {
  const file = path.join(folder, 'annotations.json');
  const coco = await parse(file);
  const category = coco.categories.find(({ name }) => name === label);
  if (!category)
    throw noClass(
      file,
      label,
      coco.categories.map(({ name }) => name),
    );
  const boxes = new Map<number, Coco['annotations'][number]['bbox'][]>();
  for (const { image_id, category_id, bbox } of coco.annotations) {
    if (category_id === category.id) boxes.set(image_id, [...(boxes.get(image_id) ?? []), bbox]);
  }
  return coco.images.map(({ id, file_name, width, height }) => {
    const beside = path.join(folder, file_name);
    return {
      file: existsSync(beside) ? beside : path.join(folder, 'images', file_name),
      boxes: (boxes.get(id) ?? []).map(([x, y, w, h]) => ({
        x1: x / width,
        y1: y / height,
        x2: (x + w) / width,
        y2: (y + h) / height,
      })),
    };
  });
}

async function parse(file: string): Promise<Coco> {
  try {
    const coco = JSON.parse(await readFile(file, 'utf8')) as Coco;
    if ([coco.images, coco.annotations, coco.categories].every(Array.isArray)) return coco;
  } catch (cause) {
    throw new CabinwatchError('INPUT_INVALID', `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  throw new CabinwatchError(
    'INPUT_INVALID',
    `${file} is not a COCO file: it lacks images, annotations or categories.`,
  );
}

async function readYolo(folder: string, label: string): Promise<LabelledFile[]> {
  const images = path.join(folder, 'images');
  const names = await readdir(images).catch((cause) => {
    throw new CabinwatchError(
      'INPUT_NOT_FOUND',
      `${folder} has neither annotations.json (COCO) nor images/ (YOLO).`,
      { cause },
    );
  });
  const pictures = names.filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  if (!existsSync(path.join(folder, 'labels'))) {
    return pictures.map((name) => ({ file: path.join(images, name), boxes: [] }));
  }
  const listed = path.join(folder, 'classes.txt');
  const classes = (await readFile(listed, 'utf8').catch(() => '')).split(/\r?\n/).map((name) => name.trim());
  const wanted = classes.indexOf(label);
  if (wanted < 0) throw noClass(listed, label, classes.filter(Boolean));
  return Promise.all(
    pictures.map(async (name) => {
      const file = path.join(folder, 'labels', `${path.parse(name).name}.txt`);
      const text = await readFile(file, 'utf8').catch(() => '');
      return { file: path.join(images, name), boxes: yoloBoxes(text, wanted, file) };
    }),
  );
}

/** Rows of `class cx cy w h`, normalised. */
function yoloBoxes(text: string, wanted: number, file: string): Box[] {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap((row, i) => {
    const [id, cx, cy, w, h] = row as [number, number, number, number, number];
    if (row.length === 1 && id === 0) return [];
    if (row.length < 5 || row.some(Number.isNaN)) {
      throw new CabinwatchError('INPUT_INVALID', `${file}:${i + 1} is not "class cx cy width height".`);
    }
    return id === wanted ? [{ x1: cx - w / 2, y1: cy - h / 2, x2: cx + w / 2, y2: cy + h / 2 }] : [];
  });
}

function noClass(file: string, label: string, known: readonly string[]): CabinwatchError {
  const has = known.length > 0 ? known.join(', ') : 'none';
  return new CabinwatchError(
    'INPUT_INVALID',
    `${file} has no class "${label}"; it has ${has}. Say which with --class.`,
  );
}
