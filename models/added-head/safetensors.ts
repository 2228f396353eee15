import { CabinwatchError } from '../../core/index.ts';
import { elementCount } from '../onnx/tensor.ts';

/** Float32 tensors by name and what their author says of them, as in a .safetensors file. */
export interface NamedTensors {
  readonly tensors: ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>;
  readonly metadata: Readonly<Record<string, string>>;
}

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;

/**
 * The format of huggingface/safetensors: the header's length (8 bytes, little-endian), the header as JSON, the numbers.
 * Names are written in alphabetical order, so the same tensors give the same bytes.
 */
export function writeSafetensors({ tensors, metadata }: NamedTensors): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const names = [...tensors.keys()].sort();
  let end = 0;
  for (const name of names) {
    const { dims, data } = tensors.get(name) as { dims: readonly number[]; data: Float32Array };
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [end, end + data.length * 4] };
    end += data.length * 4;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  let at = 8 + padded;
  for (const name of names) {
    for (const value of tensors.get(name)?.data ?? []) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/**
 * @param file where the bytes came from, for messages
 * @throws CabinwatchError MODEL_INVALID
 */
export function readSafetensors(bytes: Uint8Array, file: string): NamedTensors {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = 8 + Number(view.getBigUint64(0, true));
    const { __metadata__: metadata = {}, ...header } = JSON.parse(
      new TextDecoder().decode(bytes.subarray(8, start)),
    ) as Header & { __metadata__?: Record<string, string> };
    const tensors = Object.entries(header as Header).map(([name, { dtype, shape, data_offsets }]) => {
      const count = elementCount(shape);
      if (dtype !== 'F32' || data_offsets[1] - data_offsets[0] !== count * 4) throw new TypeError(name);
      const data = Float32Array.from({ length: count }, (_, i) =>
        view.getFloat32(start + data_offsets[0] + i * 4, true),
      );
      return [name, { dims: shape, data }] as const;
    });
    return { tensors: new Map(tensors), metadata };
  } catch (cause) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file} is not a safetensors file of 32-bit floats. Train it again: cabinwatch models train`,
      { cause },
    );
  }
}
