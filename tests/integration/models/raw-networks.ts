import { GraphBuilder, type TensorType, tensor, type Value } from '../../../models/index.ts';

/** A thing that a made-up network "sees", in pixels of its own input, x1, y1, x2, y2. */
export interface PlantedBox {
  readonly classIndex: number;
  readonly score: number;
  readonly box: readonly [number, number, number, number];
}

export interface RawNetwork {
  readonly opset: number;
  readonly irVersion: number;
  readonly width: number;
  readonly height: number;
  readonly classes: number;
}

interface RawOutput {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

/** An exported network that always answers the same, in the layout of a real family: float32 NCHW in, raw tensors out. */
export function rawNetwork(net: RawNetwork, outputs: Readonly<Record<string, RawOutput>>): Uint8Array {
  const b = new GraphBuilder({ name: 'raw', opset: net.opset, irVersion: net.irVersion });
  const image = b.input('images', 'float32', [1, 3, net.height, net.width]);
  // Reads the picture, so that a picture of the wrong size or type cannot slip through.
  const nothing = b.op('Mul', [b.reduce('Mean', image, [0, 1, 2, 3], false), b.float(0)]);
  for (const [name, { type, dims, data }] of Object.entries(outputs)) {
    const zero: Value = type === 'float32' ? nothing : b.cast(nothing, type);
    const value = b.op('Add', [b.constant(tensor(type, dims, data)), zero]);
    b.output(name, value, type, dims);
  }
  return b.build();
}

interface Cell {
  readonly index: number;
  readonly stride: number;
  readonly column: number;
  readonly row: number;
}

/** The cell of the `level`th feature map whose corner is nearest to the box's centre. */
export function cellOf(
  net: RawNetwork,
  strides: readonly number[],
  level: number,
  planted: PlantedBox,
): Cell {
  const stride = strides[level] as number;
  const [x1, y1, x2, y2] = planted.box;
  const column = Math.round((x1 + x2) / 2 / stride);
  const row = Math.round((y1 + y2) / 2 / stride);
  const before = strides
    .slice(0, level)
    .reduce((sum, s) => sum + Math.ceil(net.width / s) * Math.ceil(net.height / s), 0);
  return { index: before + row * Math.ceil(net.width / stride) + column, stride, column, row };
}

export const cellCount = (net: RawNetwork, strides: readonly number[]): number =>
  strides.reduce((sum, s) => sum + Math.ceil(net.width / s) * Math.ceil(net.height / s), 0);

export const logit = (p: number): number => Math.log(p / (1 - p));
