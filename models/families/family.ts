import type { Static, TSchema } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

/** A raw output of a network, with as much of its shape as the network's file states. */
export interface NetworkOutput {
  readonly value: Value;
  readonly dims: readonly (number | undefined)[] | undefined;
}

/** What a family's decoder has to work with while the graph is built. */
export interface DecodeContext {
  readonly builder: GraphBuilder;
  /** The network's raw outputs by name, in the order of the network. */
  readonly outputs: ReadonlyMap<string, NetworkOutput>;
  /** float32 [2]: width and height of the network's input, pixels. */
  readonly size: Value;
  /** How many classes the manifest names. */
  readonly classes: number;
}

/** Detections before thresholds, as a family's network speaks of them. */
export interface Candidates {
  /** float32 [N, C], 0–1 */
  readonly scores: Value;
  /** Rows int64 [K] → boxes float32 [K, 4], x1,y1,x2,y2 in network pixels. */
  boxesOf(rows: Value): Value;
  /** False where the network gives one box a thing by itself. */
  readonly suppress: boolean;
  /** Pose families: rows int64 [K] → keypoints float32 [K, 17, 3], x,y in network pixels and score 0–1. */
  keypointsOf?(rows: Value): Value;
}

/** How the networks of one family speak: one file a family. */
export interface Family<Options extends TSchema = TSchema> {
  readonly task: 'detect' | 'pose';
  /** The manifest's `decode` section, `family` itself aside. */
  readonly options: Options;
  decode(context: DecodeContext, options: Static<Options>): Candidates;
}

export const defineFamily = <Options extends TSchema>(family: Family<Options>): Family<Options> =>
  Object.freeze(family);

/**
 * One raw output, one axis of it checked where the network's file states its size.
 * @param name undefined: the network's only output
 * @param size what the axis must measure; undefined: anything
 * @param axis the last, unless said
 * @throws CabinwatchError MODEL_INVALID, naming what the network has
 */
export function networkOutput(context: DecodeContext, name?: string, size?: number, axis = -1): Value {
  const names = [...context.outputs.keys()];
  if (name === undefined && names.length !== 1) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `The network has ${names.length} outputs (${names.join(', ')}): name the one to read in the manifest's decode section.`,
    );
  }
  const output = context.outputs.get(name ?? (names[0] as string));
  if (!output) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `The network has no output ${name}; it has ${names.join(', ')}. Correct the manifest's decode section.`,
    );
  }
  const found = output.dims?.at(axis);
  if (size !== undefined && found !== undefined && found !== size) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `The output ${name ?? names[0]} has shape [${shapeText(output.dims)}], where this family with ${context.classes} classes has ${size} on axis ${axis}. Correct the manifest's labels or decode section.`,
    );
  }
  return output.value;
}

export const shapeText = (dims: NetworkOutput['dims']): string =>
  (dims ?? []).map((dim) => dim ?? '?').join(', ');

/** `[1, ..., last]` → `[N, last]` */
export function asRows(b: GraphBuilder, value: Value, last: number): Value {
  return b.reshape(value, [-1, last]);
}

/** `[cx, cy, w, h]` → `[x1, y1, x2, y2]`, float32 [K, 4]. */
export function cornersOfCentres(b: GraphBuilder, boxes: Value): Value {
  const centre = b.narrow(boxes, 1, 0, 2);
  const half = b.op('Mul', [b.narrow(boxes, 1, 2, 4), b.float(0.5)]);
  return b.concat([b.op('Sub', [centre, half]), b.op('Add', [centre, half])], 1);
}

/** Points float32 [K, 2] and distances `[left, top, right, bottom]` float32 [K, 4] → corners float32 [K, 4]. */
export function cornersOfDistances(b: GraphBuilder, points: Value, distances: Value): Value {
  const low = b.op('Sub', [points, b.narrow(distances, 1, 0, 2)]);
  const high = b.op('Add', [points, b.narrow(distances, 1, 2, 4)]);
  return b.concat([low, high], 1);
}

export function rowsOf(b: GraphBuilder, value: Value, rows: Value): Value {
  return b.op('Gather', [value, rows], { axis: 0 });
}
