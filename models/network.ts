import path from 'node:path';
import { CabinwatchError } from '../core/index.ts';
import { convertTfjsGraph } from './convert/convert-tfjs-graph.ts';
import { readTfjsGraph, type TfjsGraph } from './convert/tfjs-graph.ts';
import { type NetworkOutput, shapeText } from './families/family.ts';
import { embedModel } from './onnx/embed-model.ts';
import type { GraphBuilder, Value } from './onnx/graph-builder.ts';
import { isFloat32, type OnnxNetwork, type Port, readOnnxNetwork } from './onnx/read-model.ts';
import type { ParsedManifest } from './parse-manifest.ts';

/** A network's weights and operations, ready to be written into any number of graphs. */
export interface Network {
  /** What the graph that takes it in must be made with. */
  readonly opset: number;
  readonly irVersion: number;
  /**
   * @param input as the manifest's `input` describes it
   * @param inner nodes of a TFJS graph to give out besides its outputs, for looking inside
   */
  attach(builder: GraphBuilder, input: Value, inner?: readonly string[]): Map<string, NetworkOutput>;
}

/** @param file the TFJS model or the exported ONNX file */
export async function readNetwork(manifest: ParsedManifest, file: string): Promise<Network> {
  return manifest.source.kind === 'tfjs-package'
    ? tfjsNetwork(manifest, await readTfjsGraph(file))
    : onnxNetwork(manifest, await readOnnxNetwork(file), path.basename(file));
}

function tfjsNetwork({ input }: ParsedManifest, graph: TfjsGraph): Network {
  return {
    opset: 17,
    irVersion: 8,
    attach(builder, value, inner = []) {
      const wanted = { ...graph, outputs: [...graph.outputs, ...inner] };
      const outputs = convertTfjsGraph(wanted, builder, {
        value,
        spatialAxes: input.layout === 'nchw' ? [2, 3] : [1, 2],
        ...(input.frozenSize && { frozenSize: input.frozenSize }),
      });
      return new Map([...outputs].map(([name, output]) => [name, { value: output, dims: undefined }]));
    },
  };
}

function onnxNetwork(manifest: ParsedManifest, network: OnnxNetwork, file: string): Network {
  const port = inputPort(manifest, network, file);
  return embeddable(network, port.name);
}

/** @param input the name of the input for the picture */
export function embeddable(network: OnnxNetwork, input: string): Network {
  return {
    opset: network.opset,
    irVersion: network.irVersion,
    attach(builder, value) {
      const outputs = embedModel(builder, network.model, new Map([[input, value]]));
      return new Map(
        network.outputs.map(({ name, dims }) => [name, { value: outputs.get(name) as Value, dims }]),
      );
    },
  };
}

/** The input for the picture, checked against what the manifest says of it. */
function inputPort({ input }: ParsedManifest, network: OnnxNetwork, file: string): Port {
  const fault = (text: string): CabinwatchError => new CabinwatchError('MODEL_INVALID', `${file}: ${text}`);
  const names = network.inputs.map((candidate) => candidate.name).join(', ');
  if (network.inputs.length !== 1) {
    throw fault(`the network has the inputs ${names}; one that takes only a picture is needed.`);
  }
  const port = network.inputs[0] as Port;
  if (input.name !== undefined && input.name !== port.name) {
    throw fault(
      `the network has no input ${input.name}; it has ${names}. Correct the manifest's input.name.`,
    );
  }
  if (input.type === 'float32' && !isFloat32(port)) {
    throw fault(`the input ${port.name} is not float32; export the network in float32.`);
  }
  const { width, height } = input.size;
  const expected = input.layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  const fits =
    port.dims === undefined ||
    (port.dims.length === 4 && port.dims.every((dim, axis) => dim === undefined || dim === expected[axis]));
  if (!fits) {
    throw fault(
      `the input ${port.name} has shape [${shapeText(port.dims)}], the manifest describes [${expected.join(', ')}]. Correct the manifest's input.size or input.layout.`,
    );
  }
  const open =
    port.dims === undefined ||
    port.dims.slice(1).every((dim, i) => dim === undefined || i === (input.layout === 'nchw' ? 0 : 2));
  if (input.padTo === 'stride' && !open) {
    throw fault(`the input ${port.name} has a fixed size, so the manifest's input.padTo must be "size".`);
  }
  return port;
}
