import { describe, expect, test } from 'vitest';
import type { Box, Detector, Frame, PoseEstimator } from '../../core/index.ts';
import { paintFigure } from '../fixtures/painted-figure.ts';
import { seededPicture } from '../fixtures/seeded-picture.ts';

/** What every Detector promises, whatever it runs on. `open` must see a drawn person. */
export function detectorContract(name: string, open: () => Promise<Detector>): void {
  describe(`${name} keeps the contract of a detector:`, () => {
    visionContract(
      open,
      (detector, frame, region) => detector.detect(frame, region),
      (detector, found) => {
        expect(detector.labels).toContain(found.label);
      },
    );
  });
}

/** What every PoseEstimator promises. */
export function poseContract(name: string, open: () => Promise<PoseEstimator>): void {
  describe(`${name} keeps the contract of a pose estimator:`, () => {
    visionContract(
      open,
      (estimator, frame, region) => estimator.estimate(frame, region),
      (_, found) => {
        expect(found.keypoints).toHaveLength(17);
        for (const joint of found.keypoints) {
          expect(Number.isFinite(joint.x) && Number.isFinite(joint.y)).toBe(true);
          expect(joint.score).toBeGreaterThanOrEqual(0);
          expect(joint.score).toBeLessThanOrEqual(1);
        }
      },
    );
  });
}

const PLACE = { centreX: 230, top: 15, height: 215 };
const person = (): Frame => paintFigure(seededPicture(320, 240), PLACE);

interface Found {
  readonly score: number;
  readonly box: Box;
}

function visionContract<V extends { close(): Promise<void> }, F extends Found>(
  open: () => Promise<V>,
  look: (vision: V, frame: Frame, region?: Box) => Promise<F[]>,
  check: (vision: V, found: F) => void,
): void {
  const using = async (use: (vision: V) => Promise<void>): Promise<void> => {
    const vision = await open();
    try {
      await use(vision);
    } finally {
      await vision.close();
    }
  };

  test('answers are sound: sorted, inside the picture, complete', () =>
    using(async (vision) => {
      const found = await look(vision, person());
      expect(found.length).toBeGreaterThan(0);
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
      for (const one of found) {
        expect(one.score).toBeGreaterThan(0);
        expect(one.score).toBeLessThanOrEqual(1);
        expectInside(one.box);
        check(vision, one);
      }
    }));

  test('a closer look at a region still speaks of the whole picture', () =>
    using(async (vision) => {
      const region = { x1: 0.5, y1: 0, x2: 1, y2: 1 };
      const found = await look(vision, person(), region);
      expect(found.length).toBeGreaterThan(0);
      for (const { box } of found) {
        expectInside(box);
        expect(box.x2).toBeGreaterThanOrEqual(region.x1);
        expect(box.y2).toBeGreaterThanOrEqual(region.y1);
      }
    }));

  test('the same picture gives the same answer, also among others', () =>
    using(async (vision) => {
      const [a, b] = [person(), seededPicture(200, 300, 2)];
      const alone = [await look(vision, a), await look(vision, b)];
      const together = await Promise.all([a, b, a, b].map((frame) => look(vision, frame)));
      expect(together).toEqual([...alone, ...alone]);
    }));

  test('the frame stays its owner’s: neither closed nor changed', () =>
    using(async (vision) => {
      let closed = false;
      const painted = seededPicture(64, 48);
      const frame = {
        ...painted,
        close: () => {
          closed = true;
        },
      };
      const before = Uint8Array.from(frame.data);
      await look(vision, frame);
      expect(closed).toBe(false);
      expect(frame.data).toEqual(before);
    }));

  test('it can be closed twice', async () => {
    const vision = await open();
    await vision.close();
    await vision.close();
  });
}

function expectInside({ x1, y1, x2, y2 }: Box): void {
  expect(x1).toBeGreaterThanOrEqual(0);
  expect(y1).toBeGreaterThanOrEqual(0);
  expect(x2).toBeLessThanOrEqual(1);
  expect(y2).toBeLessThanOrEqual(1);
  expect(x2).toBeGreaterThanOrEqual(x1);
  expect(y2).toBeGreaterThanOrEqual(y1);
}
