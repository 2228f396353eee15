import type { Value } from '../../onnx/graph-builder.ts';
import { inputOf, int64Input, type Translation, type Translator } from '../translation.ts';
import { typeOf } from './shape.ts';

/** Operations that pick or sum up elements. */
export const selectionOps: Readonly<Record<string, Translator>> = Object.freeze({
  ArgMax: (t) => {
    const axis = t.known(1).data[0] as number;
    const index = t.builder.op('ArgMax', [inputOf(t, 0)], { axis, keepdims: 0 });
    return t.builder.cast(index, typeOf(t, t.node.attributes.type('output_type') || 'DT_INT64'));
  },
  GatherNd: (t) => t.builder.op('GatherND', [inputOf(t, 0), int64Input(t, 1)]),
  Max: (t) => reduce(t, 'Max'),
  Sum: (t) => reduce(t, 'Sum'),
  TopKV2: (t) => {
    const count = t.builder.reshape(int64Input(t, 1), [1]);
    const [values, indices] = t.builder.ops('TopK', [inputOf(t, 0), count], 2, { axis: -1 });
    return [values as Value, t.builder.cast(indices as Value, 'int32')];
  },
});

function reduce(t: Translation, kind: 'Max' | 'Sum'): Value {
  const axes = Array.from(t.known(1).data);
  return t.builder.reduce(kind, inputOf(t, 0), axes, t.node.attributes.bool('keep_dims'));
}
