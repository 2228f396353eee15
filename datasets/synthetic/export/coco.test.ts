import { describe, expect, it } from 'vitest';
import type { FrameTruth } from '../truth/record.ts';
import { CLASSES, labelsOf, toCoco, toYolo } from './coco.ts';

const keypoints = Array.from({ length: 17 }, (_, i) => [0.5, i / 20, i < 5 ? 2 : 0] as const);
const TRUTH: FrameTruth = {
  t: 1,
  door: 'closed',
  opening: 0,
  light: 'on',
  picture: 'none',
  people: [
    {
      id: 'ann',
      visibleBox: [0.25, 0.5, 0.5, 1],
      fullBox: [0.25, 0.5, 0.5, 1],
      visibility: 1,
      keypoints,
      action: 'standing',
      inside: true,
    },
    {
      id: 'hidden',
      visibleBox: [0, 0, 0.01, 0.01],
      fullBox: [0, 0, 0.5, 1],
      visibility: 0.02,
      keypoints,
      action: 'standing',
      inside: true,
    },
  ],
  objects: [
    {
      id: 'a',
      kind: 'ebike-city',
      visibleBox: [0.5, 0.5, 0.75, 0.75],
      fullBox: [0.5, 0.5, 0.75, 0.75],
      visibility: 1,
      inside: true,
    },
    {
      id: 'b',
      kind: 'pram',
      visibleBox: [0, 0, 0.1, 0.2],
      fullBox: [0, 0, 0.1, 0.2],
      visibility: 1,
      inside: true,
    },
  ],
};

describe('labelsOf', () => {
  it('leaves out what is hardly seen and calls every e-bike one', () => {
    expect(labelsOf(TRUTH).map((l) => CLASSES[l.classId])).toEqual(['person', 'ebike', 'pram']);
  });
});

describe('toCoco', () => {
  it('writes pixels, ids from one, and keypoints for people', () => {
    const coco = toCoco([{ file: 'a.jpg', width: 640, height: 360, truth: TRUTH }]) as {
      annotations: Record<string, unknown>[];
      categories: { id: number; name: string }[];
      images: unknown[];
    };
    expect(coco.images).toEqual([{ id: 1, file_name: 'a.jpg', width: 640, height: 360 }]);
    expect(coco.annotations[0]).toMatchObject({
      id: 1,
      image_id: 1,
      category_id: 1,
      bbox: [160, 180, 160, 180],
      area: 28800,
      iscrowd: 0,
      num_keypoints: 5,
    });
    expect(coco.annotations[0]?.['keypoints']).toHaveLength(51);
    expect(coco.annotations[1]).not.toHaveProperty('keypoints');
    expect(coco.categories.find((c) => c.id === coco.annotations[1]?.['category_id'])?.name).toBe('ebike');
  });
});

describe('toYolo', () => {
  it('writes class, middle and size', () => {
    expect(toYolo(TRUTH).split('\n')[0]).toBe('0 0.37500 0.75000 0.25000 0.50000');
    expect(toYolo({ ...TRUTH, people: [], objects: [] })).toBe('');
  });
});
