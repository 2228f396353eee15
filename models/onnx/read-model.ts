import { readFile } from 'node:fs/promises';
import { CabinwatchError } from '../../core/index.ts';
import { ELEMENT_TYPE, type ModelProto, onnx, type ValueInfoProto } from './proto.ts';

export interface Port {
  readonly name: string;
  readonly type: number;
  /** undefined where the file leaves the size open; the whole list where it states no shape. */
  readonly dims: readonly (number | undefined)[] | undefined;
}

export interface OnnxNetwork {
  readonly model: ModelProto;
  readonly opset: number;
  readonly irVersion: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

const OLDEST_OPSET = 11;

/**
 * Reads an exported network far enough to build around it.
 * @throws CabinwatchError MODEL_INVALID where the file is not ONNX, too old, or has its weights elsewhere
 */
export async function readOnnxNetwork(file: string): Promise<OnnxNetwork> {
  return describeNetwork(decode(await read(file), file), file);
}

/** @param file where it came from, for messages */
export function describeNetwork(model: ModelProto, file: string): OnnxNetwork {
  const graph = model.graph;
  if (!graph?.node?.length) throw new CabinwatchError('MODEL_INVALID', `${file} is not an ONNX model.`);
  const main = (model.opsetImport ?? []).find((set) => !set.domain || set.domain === 'ai.onnx');
  const opset = Number(main?.version ?? 0);
  if (opset < OLDEST_OPSET) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file} uses ONNX opset ${opset}; export it again with opset ${OLDEST_OPSET} or newer.`,
    );
  }
  const weights = graph.initializer ?? [];
  if (weights.some((tensor) => tensor.dataLocation === 1)) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file} keeps its weights in another file; export it as one file.`,
    );
  }
  const constants = new Set(weights.map((tensor) => tensor.name));
  return {
    model,
    opset,
    irVersion: Math.max(8, Number(model.irVersion)),
    inputs: (graph.input ?? []).filter((input) => !constants.has(input.name)).map(toPort),
    outputs: (graph.output ?? []).map(toPort),
  };
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CabinwatchError('MODEL_INVALID', `The network ${file} cannot be read. Check "source.file".`, {
      cause,
    });
  }
}

function decode(bytes: Uint8Array, file: string): ModelProto {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw new CabinwatchError('MODEL_INVALID', `${file} is not an ONNX model.`, { cause });
  }
}

function toPort(info: ValueInfoProto): Port {
  const type = info.type?.tensorType;
  return {
    name: info.name ?? '',
    type: type?.elemType ?? 0,
    dims: type?.shape?.dim?.map((dim) => (Number(dim.dimValue) > 0 ? Number(dim.dimValue) : undefined)),
  };
}

export const isFloat32 = (port: Port): boolean => port.type === ELEMENT_TYPE.float32;
