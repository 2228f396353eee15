import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

export interface NormaliseOptions {
  readonly layout: 'nchw' | 'nhwc';
  readonly channels: 'rgb' | 'bgr';
  readonly type: 'float32' | 'int32';
  /** Subtracted, in the network's channel order, on the 0–255 scale; left out: 0. */
  readonly mean?: readonly number[];
  /** Divided by, likewise; left out: 1. */
  readonly std?: readonly number[];
}

/** uint8 RGB [1, H, W, 3] → the network's own layout, channel order, type and scale. */
export function normalise(b: GraphBuilder, image: Value, options: NormaliseOptions): Value {
  const nchw = options.layout === 'nchw';
  const channelAxis = nchw ? 1 : 3;
  let x = nchw ? b.transpose(image, [0, 3, 1, 2]) : image;
  if (options.channels === 'bgr') x = b.op('Gather', [x, b.ints([2, 1, 0])], { axis: channelAxis });
  x = b.cast(x, options.type);
  if (options.type !== 'float32') return x;
  const perChannel = (values: readonly number[]): Value =>
    b.floats(values, nchw ? [1, 3, 1, 1] : [1, 1, 1, 3]);
  if (options.mean) x = b.op('Sub', [x, perChannel(options.mean)]);
  if (options.std) x = b.op('Mul', [x, perChannel(options.std.map((v) => 1 / v))]);
  return x;
}
