import { KEYPOINT_NAMES } from '../../../core/index.ts';
import { EBIKE_KINDS, OBJECT_KINDS } from '../scenario/schema.ts';
import type { FrameTruth } from '../truth/record.ts';
import type { TruthBox } from '../truth/silhouette.ts';

/** A picture and what is in it. */
export interface LabelledPicture {
  /** File name, as the data set's users will open it. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly truth: FrameTruth;
}

/** Class names in the order of their ids; people are 0 and e-bikes 1, then every kind of object that is no e-bike. */
export const CLASSES: readonly string[] = Object.freeze([
  'person',
  'ebike',
  ...OBJECT_KINDS.filter((kind) => !EBIKE_KINDS.includes(kind)),
]);

/** Less than this of something is seen: too little to ask a detector for. */
const LEAST_SEEN = 0.1;

export interface Label {
  readonly classId: number;
  readonly box: TruthBox;
  readonly visibility: number;
  /** x, y, v for each keypoint; people only. */
  readonly keypoints?: readonly (readonly [number, number, 0 | 1 | 2])[];
}

/** What a detector should find in a picture: the seen parts of everything that is seen well enough. */
export function labelsOf(truth: FrameTruth): Label[] {
  const out: Label[] = [];
  for (const p of truth.people) {
    if (p.visibleBox && p.visibility >= LEAST_SEEN)
      out.push({ classId: 0, box: p.visibleBox, visibility: p.visibility, keypoints: p.keypoints });
  }
  for (const o of truth.objects) {
    if (!o.visibleBox || o.visibility < LEAST_SEEN) continue;
    const name = EBIKE_KINDS.includes(o.kind) ? 'ebike' : o.kind;
    out.push({ classId: CLASSES.indexOf(name), box: o.visibleBox, visibility: o.visibility });
  }
  return out;
}

/** A COCO detection and keypoint file. Ids start at 1, boxes are x, y, width, height in pixels, as the format has it. */
export function toCoco(pictures: readonly LabelledPicture[]): object {
  const images = pictures.map((p, i) => ({ id: i + 1, file_name: p.file, width: p.width, height: p.height }));
  const annotations = pictures.flatMap((p, i) =>
    labelsOf(p.truth).map((label) => ({ image: i + 1, label, picture: p })),
  );
  return {
    info: { description: 'Synthetic lift cabins', version: '1' },
    images,
    categories: CLASSES.map((name, i) => ({
      id: i + 1,
      name,
      ...(i === 0 ? { keypoints: KEYPOINT_NAMES, skeleton: SKELETON } : {}),
    })),
    annotations: annotations.map(({ image, label, picture }, i) => {
      const [x1, y1, x2, y2] = label.box;
      const { width, height } = picture;
      const bbox = [x1 * width, y1 * height, (x2 - x1) * width, (y2 - y1) * height].map(tenth);
      return {
        id: i + 1,
        image_id: image,
        category_id: label.classId + 1,
        bbox,
        area: tenth((bbox[2] ?? 0) * (bbox[3] ?? 0)),
        iscrowd: 0,
        ...(label.keypoints
          ? {
              keypoints: label.keypoints.flatMap(([x, y, v]) => [tenth(x * width), tenth(y * height), v]),
              num_keypoints: label.keypoints.filter(([, , v]) => v > 0).length,
            }
          : {}),
      };
    }),
  };
}

/** The label file of one picture as YOLO trainers read it: class, middle and size, 0–1, one thing a line. */
export function toYolo(truth: FrameTruth): string {
  const lines = labelsOf(truth).map(({ classId, box: [x1, y1, x2, y2] }) =>
    [classId, ...[(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1].map((v) => v.toFixed(5))].join(' '),
  );
  return lines.map((line) => `${line}\n`).join('');
}

const tenth = (v: number): number => Math.round(v * 10) / 10;

/** COCO's limbs, as pairs of keypoints counted from 1. */
const SKELETON = [
  [16, 14],
  [14, 12],
  [17, 15],
  [15, 13],
  [12, 13],
  [6, 12],
  [7, 13],
  [6, 7],
  [6, 8],
  [7, 9],
  [8, 10],
  [9, 11],
  [2, 3],
  [1, 2],
  [1, 3],
  [2, 4],
  [3, 5],
  [4, 6],
  [5, 7],
] as const;
