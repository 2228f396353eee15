import type { HeadWeights } from './added-head/head-weights.ts';
import { joinCandidates } from './added-head/join-candidates.ts';
import { writeFeatures } from './added-head/write-features.ts';
import { writeHead } from './added-head/write-head.ts';
import { type Candidates, FAMILIES, type Family } from './families/index.ts';
import { letterbox } from './graph/letterbox.ts';
import { normalise } from './graph/normalise.ts';
import { select } from './graph/select.ts';
import type { Network } from './network.ts';
import { GraphBuilder, type Value } from './onnx/graph-builder.ts';
import type { ParsedManifest } from './parse-manifest.ts';

/**
 * Writes the whole way from a camera picture to detections or poses into one ONNX model.
 *
 * Inputs: `image` uint8 [1, H, W, 3] RGB of any size; `region` float32 [4], x1,y1,x2,y2 normalised, the part to look
 * at; `score_threshold` float32 [1]; and, where the network takes any size, `size` int64 [2], the height and width
 * the picture is scaled to fit into (multiples of the manifest's stride).
 *
 * Outputs, by falling score: `boxes` float32 [N, 4], x1,y1,x2,y2 normalised to the whole picture; `scores` float32
 * [N]; then `classes` int64 [N] of a detector, or `keypoints` float32 [N, 17, 3] (x, y, score) of a pose estimator.
 */
export function assembleModel(manifest: ParsedManifest, network: Network, head?: HeadWeights): Uint8Array {
  const b = new GraphBuilder({ name: manifest.id, opset: network.opset, irVersion: network.irVersion });
  const { input } = manifest;
  const image = b.input('image', 'uint8', [1, 'height', 'width', 3]);
  const region = b.input('region', 'float32', [4]);
  const threshold = b.input('score_threshold', 'float32', [1]);
  const limit =
    input.padTo === 'stride' ? b.input('size', 'int64', [2]) : b.ints([input.size.height, input.size.width]);

  const boxed = letterbox(b, image, region, limit, input);
  const pixels = shaped(b, normalise(b, boxed.image, input), manifest);
  const candidates = candidatesOf({ b, manifest, network, size: boxed.size }, pixels, head);
  writeOutputs(b, manifest, candidates, threshold, boxed.toPicture);
  return b.build({ model: manifest.id, labels: JSON.stringify(manifest.classNames) });
}

interface Assembly {
  readonly b: GraphBuilder;
  readonly manifest: ParsedManifest;
  readonly network: Network;
  /** float32 [2]: width and height of the network's input, pixels. */
  readonly size: Value;
}

function candidatesOf(
  { b, manifest, network, size }: Assembly,
  pixels: Value,
  head: HeadWeights | undefined,
): Candidates {
  const taps = manifest.head?.taps ?? [];
  const outputs = network.attach(b, pixels, taps);
  const family: Family = FAMILIES[manifest.family];
  const own = new Map([...outputs].filter(([name]) => !taps.includes(name)));
  const classes = manifest.classNames.length - (head ? 1 : 0);
  const candidates = family.decode({ builder: b, outputs: own, size, classes }, manifest.decodeOptions);
  if (!head) return candidates;
  const added = writeHead(b, writeFeatures(b, outputs, taps), size, head);
  return joinCandidates(b, candidates, added, { first: classes, second: 1 });
}

/**
 * What the added head learns from: uint8 `image` [1, H, W, 3] RGB, exactly of a size the network takes → float32
 * `features` [1, H / 16, W / 16, C].
 */
export function assembleFeatures(manifest: ParsedManifest, network: Network): Uint8Array {
  const b = new GraphBuilder({ name: 'features', opset: network.opset, irVersion: network.irVersion });
  const image = b.input('image', 'uint8', [1, 'height', 'width', 3]);
  const taps = manifest.head?.taps ?? [];
  const outputs = network.attach(b, normalise(b, image, manifest.input), taps);
  b.output('features', b.transpose(writeFeatures(b, outputs, taps), [0, 2, 3, 1]), 'float32');
  return b.build();
}

/**
 * The network alone, from its own input `input` to its raw outputs: what a converted network is compared by.
 * @param inner nodes of a TFJS graph to give out too
 */
export function assembleNetwork(
  manifest: ParsedManifest,
  network: Network,
  inner?: readonly string[],
): Uint8Array {
  const b = new GraphBuilder({ name: 'network', opset: network.opset, irVersion: network.irVersion });
  const { layout, type } = manifest.input;
  const dims = layout === 'nchw' ? [1, 3, 'height', 'width'] : [1, 'height', 'width', 3];
  const outputs = network.attach(b, b.input('input', type, dims), inner);
  for (const [name, { value }] of outputs) b.output(name, value, 'float32');
  return b.build();
}

/** States a fixed size, which the padding has made true but the graph cannot know; networks without one run faster. */
function shaped(b: GraphBuilder, value: Value, { input }: ParsedManifest): Value {
  if (input.padTo === 'stride') return value;
  const { width, height } = input.size;
  return b.reshape(value, input.layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3]);
}

function writeOutputs(
  b: GraphBuilder,
  manifest: ParsedManifest,
  candidates: Candidates,
  threshold: Value,
  toPicture: (points: Value) => Value,
): void {
  const found = select(b, candidates.scores, candidates.boxesOf, threshold, {
    iou: candidates.suppress ? manifest.thresholds.iou : undefined,
    maxDetections: manifest.maxDetections,
  });
  const inside = (value: Value): Value => b.op('Clip', [value, b.float(0), b.float(1)]);
  const corners = inside(toPicture(b.reshape(found.boxes, [-1, 2, 2])));
  b.output('boxes', b.reshape(corners, [-1, 4]), 'float32', ['detections', 4]);
  b.output('scores', found.scores, 'float32', ['detections']);
  if (!candidates.keypointsOf) {
    b.output('classes', found.classes, 'int64', ['detections']);
    return;
  }
  const points = candidates.keypointsOf(found.rows);
  const xy = toPicture(b.narrow(points, 2, 0, 2));
  b.output('keypoints', b.concat([xy, b.narrow(points, 2, 2, 3)], 2), 'float32', ['detections', 17, 3]);
}
