import type { Value } from '../../onnx/graph-builder.ts';
import type { TensorType } from '../../onnx/tensor.ts';
import { inputOf, int64Input, type Translation, type Translator, unsupported } from '../translation.ts';

const TYPES: Readonly<Record<string, TensorType>> = Object.freeze({
  DT_FLOAT: 'float32',
  DT_INT32: 'int32',
  DT_INT64: 'int64',
  DT_BOOL: 'bool',
});

/** Operations that move elements or speak of shapes, and leave every element as it is. */
export const shapeOps: Readonly<Record<string, Translator>> = Object.freeze({
  Cast: (t) => t.builder.cast(inputOf(t, 0), typeOf(t, t.node.attributes.type('DstT'))),
  ConcatV2: (t) => t.builder.concat(t.inputs.slice(0, -1), knownInt(t, t.inputs.length - 1)),
  ExpandDims: (t) => t.builder.unsqueeze(inputOf(t, 0), [knownInt(t, 1)]),
  Fill: (t) => t.builder.op('Expand', [inputOf(t, 1), int64Input(t, 0)]),
  Pack: (t) => {
    const axis = t.node.attributes.int('axis', 0);
    return t.builder.concat(
      t.inputs.map((input) => t.builder.unsqueeze(input, [axis])),
      axis,
    );
  },
  Range: (t) => t.builder.op('Range', [inputOf(t, 0), inputOf(t, 1), inputOf(t, 2)]),
  Reshape: (t) => t.builder.op('Reshape', [inputOf(t, 0), int64Input(t, 1)]),
  Shape: (t) => t.builder.cast(t.builder.op('Shape', [inputOf(t, 0)]), 'int32'),
  Size: (t) => t.builder.cast(t.builder.op('Size', [inputOf(t, 0)]), 'int32'),
  Split: (t) => pieces(t, inputOf(t, 1), knownInt(t, 0), equalSizes(t)),
  SplitV: (t) => pieces(t, inputOf(t, 0), knownInt(t, 2), Array.from(t.known(1).data)),
  Squeeze: (t) => t.builder.squeeze(inputOf(t, 0), t.node.attributes.ints('squeeze_dims')),
  StridedSlice: stridedSlice,
  Tile: (t) => t.builder.op('Tile', [inputOf(t, 0), int64Input(t, 1)]),
  Transpose: (t) => t.builder.transpose(inputOf(t, 0), Array.from(t.known(1).data)),
  Unpack: (t) => {
    const axis = t.node.attributes.int('axis', 0);
    const count = t.node.attributes.int('num', 1);
    const parts = pieces(t, inputOf(t, 0), axis, new Array<number>(count).fill(1));
    return parts.map((part) => t.builder.squeeze(part, [axis]));
  },
});

const knownInt = (t: Translation, index: number): number => t.known(index).data[0] as number;

export function typeOf(t: Translation, name: string): TensorType {
  const type = TYPES[name];
  if (!type) throw unsupported(t.node, `the element type ${name} is not known`);
  return type;
}

/** Split is written as slices, which need no sizes known ahead and mean the same in every opset. */
function pieces(t: Translation, value: Value, axis: number, sizes: readonly number[]): Value[] {
  if (sizes.length === 1) return [value];
  let from = 0;
  return sizes.map((size) => {
    from += size;
    return t.builder.narrow(value, axis, from - size, from);
  });
}

/** Only for axes that hold one element a piece, as in splitting boxes into their four sides. */
function equalSizes(t: Translation): number[] {
  return new Array<number>(t.node.attributes.int('num_split', 1)).fill(1);
}

const END = 2 ** 31 - 1;

function stridedSlice(t: Translation): Value {
  const { builder, node } = t;
  const [begins, ends, strides] = [t.known(1).data, t.known(2).data, t.known(3).data];
  const mask = (name: string, bit: number): boolean => ((node.attributes.int(name, 0) >> bit) & 1) === 1;
  if (node.attributes.int('ellipsis_mask', 0)) throw unsupported(node, 'an ellipsis in a slice');
  const cut = { starts: [] as number[], ends: [] as number[], steps: [] as number[], axes: [] as number[] };
  const drop: number[] = [];
  const insert: number[] = [];
  let axis = 0;
  for (let bit = 0; bit < begins.length; bit++) {
    if (mask('new_axis_mask', bit)) {
      insert.push(bit);
      continue;
    }
    const single = mask('shrink_axis_mask', bit);
    const begin = mask('begin_mask', bit) ? 0 : (begins[bit] as number);
    const end = single ? begin + 1 || END : mask('end_mask', bit) ? END : (ends[bit] as number);
    const whole = begin === 0 && end === END && strides[bit] === 1;
    if (single) drop.push(axis);
    if (!whole) {
      cut.starts.push(begin);
      cut.ends.push(end);
      cut.steps.push(single ? 1 : (strides[bit] as number));
      cut.axes.push(axis);
    }
    axis += 1;
  }
  if (drop.length && insert.length) throw unsupported(node, 'a slice that both drops and adds axes');
  let value = inputOf(t, 0);
  if (cut.axes.length) {
    value = builder.slice(value, builder.ints(cut.starts), builder.ints(cut.ends), cut.axes, cut.steps);
  }
  if (drop.length) value = builder.squeeze(value, drop);
  return insert.length ? builder.unsqueeze(value, insert) : value;
}
