import { cellCount, cellOf, logit, type PlantedBox, type RawNetwork, rawNetwork } from './raw-networks.ts';

/** Writes planted boxes the way that each family's own exporter would. */
export interface FamilyExport {
  readonly name: string;
  readonly opset: number;
  /** What the manifest says of input and decoding, besides the usual. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly decode: Readonly<Record<string, unknown>>;
  /** Whether doubles are planted too, for non-maximum suppression to remove. */
  readonly suppresses: boolean;
  write(net: RawNetwork, planted: readonly PlantedBox[]): Uint8Array;
}

const STRIDES = [8, 16, 32];
const levelOf = (index: number): number => index % STRIDES.length;

const centred = ({ box: [x1, y1, x2, y2] }: PlantedBox) => ({
  cx: (x1 + x2) / 2,
  cy: (y1 + y2) / 2,
  w: x2 - x1,
  h: y2 - y1,
});

/** YOLOX: [1, cells, 5 + classes]; offsets and log sizes in strides, objectness and classes after sigmoid. */
const yolox: FamilyExport = {
  name: 'yolox',
  opset: 11,
  input: { channels: 'bgr', align: 'top-left' },
  decode: { family: 'yolox' },
  suppresses: true,
  write(net, planted) {
    const columns = 5 + net.classes;
    const rows = cellCount(net, STRIDES);
    const data = new Float32Array(rows * columns);
    planted.forEach((thing, i) => {
      const { index, stride, column, row } = cellOf(net, STRIDES, levelOf(i), thing);
      const { cx, cy, w, h } = centred(thing);
      const objectness = 0.96;
      data.set(
        [cx / stride - column, cy / stride - row, Math.log(w / stride), Math.log(h / stride), objectness],
        index * columns,
      );
      data[index * columns + 5 + thing.classIndex] = thing.score / objectness;
    });
    return rawNetwork(net, { output: { type: 'float32', dims: [1, rows, columns], data } });
  },
};

/** YOLOv8 and YOLO11: [1, 4 + classes, cells]; centre and size in pixels, classes after sigmoid. */
const yolov8: FamilyExport = {
  name: 'yolov8',
  opset: 19,
  input: { std: [255, 255, 255] },
  decode: { family: 'yolov8', output: 'output0' },
  suppresses: true,
  write(net, planted) {
    const cells = cellCount(net, STRIDES);
    const data = new Float32Array((4 + net.classes) * cells);
    planted.forEach((thing, i) => {
      const { index } = cellOf(net, STRIDES, levelOf(i), thing);
      const { cx, cy, w, h } = centred(thing);
      [cx, cy, w, h].forEach((value, channel) => {
        data[channel * cells + index] = value;
      });
      data[(4 + thing.classIndex) * cells + index] = thing.score;
    });
    return rawNetwork(net, { output0: { type: 'float32', dims: [1, 4 + net.classes, cells], data } });
  },
};

/** NanoDet-Plus: [1, cells, classes + 4 × 8]; classes after sigmoid, each side a distribution over 0…7 strides. */
const nanodetPlus: FamilyExport = {
  name: 'nanodet-plus',
  opset: 12,
  input: { channels: 'bgr', mean: [103.53, 116.28, 123.675], std: [57.375, 57.12, 58.395] },
  decode: { family: 'nanodet', strides: [8, 16, 32, 64], regMax: 7 },
  suppresses: true,
  write(net, planted) {
    const strides = [...STRIDES, 64];
    const columns = net.classes + 4 * 8;
    const rows = cellCount(net, strides);
    const data = new Float32Array(rows * columns);
    planted.forEach((thing, i) => {
      const { index, stride, column, row } = cellOf(net, strides, levelOf(i), thing);
      const [x1, y1, x2, y2] = thing.box;
      const [px, py] = [column * stride, row * stride];
      data[index * columns + thing.classIndex] = thing.score;
      [px - x1, py - y1, x2 - px, y2 - py].forEach((distance, side) => {
        data.set(distribution(distance / stride, 8), index * columns + net.classes + side * 8);
      });
    });
    return rawNetwork(net, { output: { type: 'float32', dims: [1, rows, columns], data } });
  },
};

/** Logits whose softmax has its mean at `value`: all weight on the two whole numbers around it. */
function distribution(value: number, bins: number): number[] {
  const low = Math.min(bins - 2, Math.floor(value));
  const share = value - low;
  return Array.from({ length: bins }, (_, i) => {
    if (i === low) return Math.log(Math.max(1e-9, 1 - share));
    return i === low + 1 ? Math.log(Math.max(1e-9, share)) : -30;
  });
}

/** RTMDet through mmdeploy, end to end: dets [1, N, 5] in pixels with score, labels [1, N]. */
const rtmdet: FamilyExport = {
  name: 'rtmdet end to end',
  opset: 16,
  input: { channels: 'bgr', align: 'top-left' },
  decode: { family: 'rtmdet' },
  suppresses: false,
  write(net, planted) {
    const count = planted.length + 2; // padded with nothing, as a fixed number of detections is
    const dets = new Float32Array(count * 5);
    const labels = new Array<number>(count).fill(0);
    planted.forEach((thing, i) => {
      dets.set([...thing.box, thing.score], i * 5);
      labels[i] = thing.classIndex;
    });
    return rawNetwork(net, {
      dets: { type: 'float32', dims: [1, count, 5], data: dets },
      labels: { type: 'int64', dims: [1, count], data: labels },
    });
  },
};

/** RTMDet's raw head: per level class logits [1, classes, h, w] and distances in pixels [1, 4, h, w]. */
const rtmdetRaw: FamilyExport = {
  name: 'rtmdet raw head',
  opset: 11,
  input: { channels: 'bgr', align: 'top-left' },
  decode: {
    family: 'rtmdet',
    outputs: { scores: ['cls0', 'cls1', 'cls2'], distances: ['reg0', 'reg1', 'reg2'] },
  },
  suppresses: true,
  write(net, planted) {
    const outputs: Record<string, { type: 'float32'; dims: number[]; data: Float32Array }> = {};
    STRIDES.forEach((stride, level) => {
      const [h, w] = [net.height / stride, net.width / stride];
      const scores = new Float32Array(net.classes * h * w).fill(-10);
      const distances = new Float32Array(4 * h * w);
      planted.forEach((thing, i) => {
        if (levelOf(i) !== level) return;
        const { column, row } = cellOf(net, STRIDES, level, thing);
        const [x1, y1, x2, y2] = thing.box;
        const [px, py] = [column * stride, row * stride];
        const at = row * w + column;
        scores[thing.classIndex * h * w + at] = logit(thing.score);
        [px - x1, py - y1, x2 - px, y2 - py].forEach((distance, side) => {
          distances[side * h * w + at] = distance;
        });
      });
      outputs[`cls${level}`] = { type: 'float32', dims: [1, net.classes, h, w], data: scores };
      outputs[`reg${level}`] = { type: 'float32', dims: [1, 4, h, w], data: distances };
    });
    return rawNetwork(net, outputs);
  },
};

/** RT-DETR (sigmoid) and DETR (softmax with "no object" last): logits and normalised centre boxes. */
const detr = (activation: 'sigmoid' | 'softmax'): FamilyExport => ({
  name: `detr ${activation}`,
  opset: 17,
  input: activation === 'sigmoid' ? { fit: 'stretch', std: [255, 255, 255] } : {},
  decode: { family: 'detr', activation, logits: 'logits', boxes: 'pred_boxes' },
  suppresses: false,
  write(net, planted) {
    const queries = planted.length + 3;
    const columns = activation === 'softmax' ? net.classes + 1 : net.classes;
    const logits = new Float32Array(queries * columns).fill(-20);
    const boxes = new Float32Array(queries * 4).fill(0.5);
    planted.forEach((thing, i) => {
      const { cx, cy, w, h } = centred(thing);
      boxes.set([cx / net.width, cy / net.height, w / net.width, h / net.height], i * 4);
      const odds = activation === 'softmax' ? Math.log(thing.score) : logit(thing.score);
      logits[i * columns + thing.classIndex] = odds;
    });
    if (activation === 'softmax') {
      for (let i = 0; i < queries; i++) {
        const score = planted[i]?.score ?? 0;
        logits[i * columns + net.classes] = Math.log(Math.max(1e-9, 1 - score));
      }
    }
    return rawNetwork(net, {
      logits: { type: 'float32', dims: [1, queries, columns], data: logits },
      pred_boxes: { type: 'float32', dims: [1, queries, 4], data: boxes },
    });
  },
});

export const FAMILY_EXPORTS: readonly FamilyExport[] = Object.freeze([
  yolox,
  yolov8,
  nanodetPlus,
  rtmdet,
  rtmdetRaw,
  detr('sigmoid'),
  detr('softmax'),
]);
