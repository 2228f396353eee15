import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createFrame, type Frame } from '../../../core/index.ts';
import {
  assembleNetwork,
  loadManifest,
  loadTfjsNetwork,
  type ReferenceTensor,
  readNetwork,
  referenceInput,
  verifiedSource,
} from '../../../models/index.ts';
import { paintFigure } from '../../fixtures/painted-figure.ts';
import { type Ran, runOnnx } from '../../fixtures/run-onnx.ts';
import { seededPicture } from '../../fixtures/seeded-picture.ts';

/** The conversion may cost no more than this, before any threshold. */
const TOLERANCE = 1e-3;
const REAL_PICTURES = 4;

const data = process.env.CABINWATCH_DATA;
const folder = data && path.join(data, 'coco-val128', 'images');
const haveData = folder !== undefined && existsSync(folder);
if (!haveData) console.warn('CABINWATCH_DATA is not set: conversions are compared on a drawn picture only.');

async function pictures(): Promise<Frame[]> {
  const drawn = [
    paintFigure(seededPicture(640, 360, 3), { centreX: 200, top: 20, height: 320 }),
    seededPicture(300, 400, 4),
  ];
  if (!haveData) return drawn;
  const names = (await readdir(folder)).sort().slice(0, REAL_PICTURES);
  const real = names.map(async (name) => {
    const { data: pixels, info } = await sharp(path.join(folder, name))
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return createFrame(
      { liftId: name, ts: 0, width: info.width, height: info.height },
      Uint8Array.from(pixels),
    );
  });
  return [...drawn, ...(await Promise.all(real))];
}

/** The largest difference between what is a number in the original. */
function compare(
  original: ReferenceTensor,
  converted: Ran | undefined,
): { difference: number; count: number } {
  expect(converted?.dims).toEqual(original.dims);
  let difference = 0;
  let count = 0;
  for (const [i, expected] of original.data.entries()) {
    if (Number.isNaN(expected)) continue;
    count += 1;
    const found = Math.abs(expected - (converted?.data[i] ?? Number.NaN));
    if (!(found <= difference)) difference = found;
  }
  return { difference, count };
}

const INNER = 'StatefulPartitionedCall';

/**
 * MoveNet's outputs come after a choice of the best places in its heat maps. Where nobody is, that is a choice between
 * equals, which a last digit decides; so its maps are compared everywhere, its outputs where somebody is. Maps of
 * distances are in cells of 4 pixels; they are compared as shares of the picture, which is what the outputs are in.
 */
const CASES = [
  { id: 'nanodet-g', width: 416, height: 416, inner: [], outputs: 'always' },
  ...[
    [256, 256],
    [256, 160],
  ].map(([width, height]) => ({
    id: 'movenet-multipose',
    width: width as number,
    height: height as number,
    inner: [
      'Sigmoid', // where people are
      'Sigmoid_1', // where their joints are
      'box_scale_0/conv2d_5/BiasAdd',
      'box_offset_0/conv2d_6/BiasAdd',
      'kpt_regress_0/conv2d_8/BiasAdd',
      'kpt_offset_0/conv2d_9/BiasAdd',
    ].map((head) => `${INNER}/${head}`),
    outputs: 'where somebody is',
  })),
  ...[
    ['movenet-lightning', 192],
    ['movenet-thunder', 256],
  ].map(([id, side]) => ({
    id: id as string,
    width: side as number,
    height: side as number,
    inner: ['Sigmoid', 'Sigmoid_1', 'kpt_regress_0/conv2d_6/BiasAdd', 'kpt_offset_0/conv2d_7/BiasAdd'].map(
      (head) => `${INNER}/${head}`,
    ),
    outputs: 'where somebody is',
  })),
] as const;

const SOMEBODY = 0.1;

/** MoveNet's answer without the people and joints that it does not itself believe in. */
function believed(output: ReferenceTensor): ReferenceTensor {
  const data = Float32Array.from(output.data);
  if (output.dims.at(-1) === 56) {
    for (let i = 0; i < data.length; i += 56) {
      if ((data[i + 55] as number) < SOMEBODY) data.fill(Number.NaN, i, i + 56);
    }
  }
  const joints = output.dims.at(-1) === 56 ? 17 : data.length / 3;
  const step = output.dims.at(-1) === 56 ? 56 : data.length;
  for (let person = 0; person < data.length; person += step) {
    for (let joint = 0; joint < joints; joint++) {
      const at = person + joint * 3;
      if ((data[at + 2] as number) < SOMEBODY) data.fill(Number.NaN, at, at + 3);
    }
  }
  return { ...output, data };
}

describe.each(CASES)('$id at $width×$height', ({ id, width, height, inner, outputs }) => {
  test(`answers as its TFJS original does, within ${TOLERANCE}`, async () => {
    const { manifest, file } = await loadManifest(id);
    const source = await verifiedSource({ manifest, file });
    const original = await loadTfjsNetwork(source);
    const converted = assembleNetwork(manifest, await readNetwork(manifest, source), inner);
    let compared = 0;
    for (const frame of await pictures()) {
      const input = referenceInput(manifest, frame, width, height).tensor;
      const answers = await runOnnx(converted, { input: input as never });
      for (const [name, expected] of await original.run(input, inner)) {
        const isOutput = !name.startsWith(INNER);
        const held = isOutput && outputs === 'where somebody is' ? believed(expected) : expected;
        const { difference, count } = compare(held, answers[name]);
        const unit = name.endsWith('BiasAdd') ? width / 4 : 1;
        expect(difference / unit, `${frame.liftId} ${name}`).toBeLessThan(TOLERANCE);
        compared += count;
      }
    }
    original.close();
    expect(compared).toBeGreaterThan(1000);
  }, 120_000);
});
