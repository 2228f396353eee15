import { describe, expect, test } from 'vitest';
import { bytes, floats, longs, runOnnx } from '../../tests/fixtures/run-onnx.ts';
import { seededPicture } from '../../tests/fixtures/seeded-picture.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { referenceLetterbox } from '../reference/letterbox.ts';
import { type LetterboxOptions, letterbox } from './letterbox.ts';

const WHOLE = [0, 0, 1, 1];
const usual: LetterboxOptions = { fit: 'keep', padTo: 'size', align: 'centre', padValue: 114, stride: 32 };

async function run(
  width: number,
  height: number,
  limit: readonly [number, number],
  options: Partial<LetterboxOptions> = {},
  region: readonly number[] = WHOLE,
  points: readonly number[] = [0, 0],
  opset = 17,
) {
  const b = new GraphBuilder({ name: 'letterbox', opset });
  const image = b.input('image', 'uint8', [1, 'h', 'w', 3]);
  const boxed = letterbox(b, image, b.input('region', 'float32', [4]), b.input('limit', 'int64', [2]), {
    ...usual,
    ...options,
  });
  b.output('boxed', boxed.image, 'uint8');
  b.output('size', boxed.size, 'float32');
  b.output('mapped', boxed.toPicture(b.input('points', 'float32', ['n', 2])), 'float32');
  const frame = seededPicture(width, height);
  const ran = await runOnnx(b.build(), {
    image: bytes(frame.data, [1, height, width, 3]),
    region: floats(region),
    limit: longs([limit[1], limit[0]]),
    points: floats(points, [points.length / 2, 2]),
  });
  return { frame, boxed: ran.boxed!, size: ran.size!.data, mapped: ran.mapped!.data };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++)
    largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  return largest;
}

describe('the picture', () => {
  test.each([
    ['wide', 640, 360, 416, 416],
    ['tall', 100, 201, 64, 96],
    ['smaller than the network', 30, 20, 64, 64],
    ['of one pixel', 1, 1, 32, 32],
    ['very thin', 640, 2, 64, 64],
  ])('%s is scaled and padded as the plain reference does it', async (_, width, height, w, h) => {
    const { frame, boxed } = await run(width, height, [w, h]);
    expect(boxed.dims).toEqual([1, h, w, 3]);
    // One grey level, for onnxruntime's resize of bytes works in fixed point.
    expect(largestDifference(boxed.data, referenceLetterbox(frame, w, h, 114).data)).toBeLessThanOrEqual(1);
  });

  test('is only padded to the next multiple of the stride where that is asked for', async () => {
    const { boxed, size } = await run(640, 360, [416, 416], { padTo: 'stride' });
    expect(boxed.dims).toEqual([1, 256, 416, 3]);
    expect(size).toEqual([416, 256]);
  });

  test('lies at the top left where that is asked for', async () => {
    const { boxed } = await run(64, 32, [64, 64], { align: 'top-left', padValue: 7 });
    expect(boxed.data.slice(-64 * 32 * 3).every((value) => value === 7)).toBe(true);
    expect(boxed.data.slice(0, 64 * 32 * 3).some((value) => value !== 7)).toBe(true);
  });

  test('is stretched over all of the network where that is asked for', async () => {
    const { frame, boxed } = await run(64, 64, [64, 32], { fit: 'stretch' });
    expect(boxed.dims).toEqual([1, 32, 64, 3]);
    expect(boxed.data.slice(0, 3)).not.toEqual([114, 114, 114]);
    expect(frame.data.length).toBe(64 * 64 * 3);
  });

  test('is cut to the region, widened to whole pixels', async () => {
    const { frame, boxed } = await run(64, 64, [16, 8], {}, [0.26, 0.25, 0.49, 0.37]);
    const cut = boxed.data;
    for (const [x, y] of [
      [0, 0],
      [15, 7],
    ] as const) {
      const from = ((16 + y) * 64 + 16 + x) * 3;
      const at = (y * 16 + x) * 3;
      expect(cut.slice(at, at + 3)).toEqual([...frame.data.slice(from, from + 3)]);
    }
  });

  test('holds at least one pixel, however thin or far out the region is', async () => {
    for (const region of [
      [0.5, 0.5, 0.5, 0.5],
      [1, 1, 1, 1],
      [-1, -1, 0, 0],
      [0.9, 0.9, 2, 2],
    ]) {
      const { boxed, mapped } = await run(40, 40, [32, 32], {}, region, [16, 16]);
      expect(boxed.dims).toEqual([1, 32, 32, 3]);
      expect(mapped.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  test('comes out the same in the oldest opset', async () => {
    const now = await run(100, 60, [64, 64]);
    const then = await run(100, 60, [64, 64], {}, WHOLE, [0, 0], 11);
    expect(then.boxed.data).toEqual(now.boxed.data);
  });
});

describe('points of the network', () => {
  test('map back to the whole picture', async () => {
    // 128×64 into 64×64: scale ½, 16 rows of padding above.
    const { mapped } = await run(128, 64, [64, 64], {}, WHOLE, [0, 16, 64, 48, 32, 32]);
    expect(largestDifference(mapped, [0, 0, 1, 1, 0.5, 0.5])).toBeLessThan(1e-6);
  });

  test('of a region map back to the whole picture too', async () => {
    const { mapped } = await run(200, 100, [50, 50], {}, [0.5, 0.5, 1, 1], [0, 12, 50, 37]);
    expect(largestDifference(mapped, [0.5, 0.5, 1, 1])).toBeLessThan(1e-6);
  });
});
