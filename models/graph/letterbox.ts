import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import { tensor } from '../onnx/tensor.ts';

export interface LetterboxOptions {
  /** `keep` keeps the aspect ratio and pads, `stretch` fills the network's input and distorts. */
  readonly fit: 'keep' | 'stretch';
  /**
   * How far a kept picture is padded: to the network's `size`, or only to the next multiple of `stride`, which spares
   * a wide picture the work on empty borders and needs a fully convolutional network.
   */
  readonly padTo: 'size' | 'stride';
  /** Where the picture lies in its padding. */
  readonly align: 'centre' | 'top-left';
  /** Grey level of the padding, 0–255. */
  readonly padValue: number;
  readonly stride: number;
}

export interface Letterbox {
  /** uint8 [1, height, width, 3], the part of the picture that was asked for, at the network's size. */
  readonly image: Value;
  /** float32 [2]: width and height of `image`. */
  readonly size: Value;
  /** Points in network pixels, float32 [..., 2] as x,y → normalised to the whole picture. */
  toPicture(points: Value): Value;
}

/**
 * Writes the way from a camera picture to a network's input, in the graph, so that no pixel passes through JavaScript.
 * @param image uint8 [1, H, W, 3]
 * @param region float32 [4], x1,y1,x2,y2 normalised: the part to look at; widened to whole pixels
 * @param limit int64 [2], the height and width that the picture must fit into
 */
export function letterbox(
  b: GraphBuilder,
  image: Value,
  region: Value,
  limit: Value,
  options: LetterboxOptions,
): Letterbox {
  const pictureSize = b.cast(b.narrow(b.op('Shape', [image]), 0, 1, 3), 'float32');
  const { start, extent } = regionInPixels(b, region, pictureSize);
  const crop = b.slice(image, start, b.op('Add', [start, extent]), [1, 2]);

  const fitted = fittedSize(b, extent, limit, options.fit);
  const sizes = b.concat([b.ints([1]), fitted, b.ints([3])], 0);
  const resized = b.resize(crop, sizes, 'half_pixel');

  const padded = options.padTo === 'size' ? limit : roundUp(b, fitted, options.stride);
  const space = b.op('Sub', [padded, fitted]);
  const before = options.align === 'centre' ? b.op('Div', [space, b.ints([2])]) : b.ints([0, 0]);
  const zero = b.ints([0]);
  const pads = b.concat([zero, before, zero, zero, b.op('Sub', [space, before]), zero], 0);
  const fill = b.constant(tensor('uint8', [], [options.padValue]));
  const boxed = b.op('Pad', [resized, pads, fill], { mode: 'constant' });

  // network pixel p ↔ picture pixel start + (p - before) * extent / fitted
  const pixels = (value: Value): Value => reversed(b, b.cast(value, 'float32'));
  const perPixel = b.op('Div', [pixels(extent), pixels(fitted)]);
  const offset = b.op('Sub', [pixels(start), b.op('Mul', [pixels(before), perPixel])]);
  const whole = reversed(b, pictureSize);
  return {
    image: boxed,
    size: pixels(padded),
    toPicture: (points) => b.op('Div', [b.op('Add', [b.op('Mul', [points, perPixel]), offset]), whole]),
  };
}

/** The region as whole pixels, at least one, inside the picture; int64 [2] each, y before x. */
function regionInPixels(b: GraphBuilder, region: Value, pictureSize: Value) {
  const corner = (axes: readonly number[]): Value =>
    b.op('Mul', [b.op('Gather', [region, b.ints(axes)], { axis: 0 }), pictureSize]);
  const one = b.floats([1, 1]);
  const low = b.op('Max', [b.op('Floor', [corner([1, 0])]), b.floats([0, 0])]);
  const start = b.op('Min', [low, b.op('Sub', [pictureSize, one])]);
  const high = b.op('Max', [b.op('Ceil', [corner([3, 2])]), b.op('Add', [start, one])]);
  const extent = b.op('Sub', [b.op('Min', [high, pictureSize]), start]);
  return { start: b.cast(start, 'int64'), extent: b.cast(extent, 'int64') };
}

/** Floating point throughout, because Min and Max know no integers before opset 12. */
function fittedSize(b: GraphBuilder, extent: Value, limit: Value, fit: 'keep' | 'stretch'): Value {
  if (fit === 'stretch') return limit;
  const from = b.cast(extent, 'float32');
  const most = b.cast(limit, 'float32');
  const scale = b.reduce('Min', b.op('Div', [most, from]), [0], true);
  const rounded = b.op('Max', [nearest(b, b.op('Mul', [from, scale])), b.floats([1, 1])]);
  return b.cast(b.op('Min', [rounded, most]), 'int64');
}

/** Halves go up, unlike ONNX's Round. */
function nearest(b: GraphBuilder, value: Value): Value {
  return b.op('Floor', [b.op('Add', [value, b.float(0.5)])]);
}

function roundUp(b: GraphBuilder, value: Value, multiple: number): Value {
  const raised = b.op('Add', [value, b.ints([multiple - 1, multiple - 1])]);
  return b.op('Mul', [b.op('Div', [raised, b.ints([multiple])]), b.ints([multiple])]);
}

/** [height, width] ↔ [width, height] */
function reversed(b: GraphBuilder, pair: Value): Value {
  return b.op('Gather', [pair, b.ints([1, 0])], { axis: 0 });
}
