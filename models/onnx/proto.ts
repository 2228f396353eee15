import onnxProto from 'onnx-proto';
import { type ConstantTensor, elementCount, type TensorType } from './tensor.ts';

/** The ONNX protobuf types. The only file that names the package, so that it can be replaced in one place. */
export const { onnx } = onnxProto;

export type ModelProto = InstanceType<typeof onnx.ModelProto>;
export type NodeProto = ConstructorParameters<typeof onnx.NodeProto>[0] & object;
export type TensorProto = ConstructorParameters<typeof onnx.TensorProto>[0] & object;
export type ValueInfoProto = ConstructorParameters<typeof onnx.ValueInfoProto>[0] & object;
export type AttributeProto = ConstructorParameters<typeof onnx.AttributeProto>[0] & object;

/** ONNX's numbers for the element types used here (TensorProto.DataType). */
export const ELEMENT_TYPE: Readonly<Record<TensorType, number>> = Object.freeze({
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
});

export type AttributeValue = number | string | readonly number[] | { readonly float: number };

/** Whole numbers become INT, arrays INTS, `{float}` FLOAT: JavaScript alone cannot tell 1 from 1.0. */
export function encodeAttribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if (typeof value === 'number') return { name, type: 2, i: value };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: [...value] };
}

export function encodeTensor(name: string, t: ConstantTensor): TensorProto {
  return { name, dims: [...t.dims], dataType: ELEMENT_TYPE[t.type], rawData: rawBytes(t) };
}

function rawBytes(t: ConstantTensor): Uint8Array {
  const length = elementCount(t.dims);
  const width = { float32: 4, int32: 4, int64: 8, uint8: 1, bool: 1 }[t.type];
  const bytes = new Uint8Array(length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < length; i++) {
    const value = t.data[i] as number;
    if (t.type === 'float32') view.setFloat32(i * 4, value, true);
    else if (t.type === 'int32') view.setInt32(i * 4, value, true);
    else if (t.type === 'int64') view.setBigInt64(i * 8, BigInt(value), true);
    else bytes[i] = value;
  }
  return bytes;
}

/** @param dims names stand for sizes known at run time only; left out: even the rank is */
export function encodeValueInfo(
  name: string,
  type: TensorType,
  dims?: readonly (number | string)[],
): ValueInfoProto {
  const dim = dims?.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPE[type], ...(dim && { shape: { dim } }) } } };
}
