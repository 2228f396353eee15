import { type Static, Type } from 'typebox';

const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal.' });

const source = Type.Union([
  Type.Object({
    kind: Type.Literal('tfjs-package'),
    package: Type.String({ description: 'The npm package that delivers the weights.' }),
    version: Type.String({ description: 'The version the figures were taken with.' }),
    file: Type.String({
      description: 'The TFJS graph model inside the package; its weight files lie beside it.',
    }),
    sha256: Type.Record(Type.String(), sha256, {
      description: 'Of the model file and each of its weight files.',
    }),
  }),
  Type.Object({
    kind: Type.Literal('onnx-file'),
    file: Type.String({ description: 'The exported network, relative to the manifest.' }),
    sha256: Type.Optional(sha256),
  }),
]);

const size = Type.Object({
  width: Type.Integer({ minimum: 32, maximum: 4096 }),
  height: Type.Integer({ minimum: 32, maximum: 4096 }),
});

const input = Type.Object({
  name: Type.Optional(Type.String({ description: "The network's input; left out: the only one." })),
  size: Type.Object(size.properties, {
    description:
      'Pixels. The picture is scaled to fit into it. Larger sees smaller things and costs time in proportion to the area.',
  }),
  layout: Type.Union([Type.Literal('nchw'), Type.Literal('nhwc')], { default: 'nchw' }),
  type: Type.Union([Type.Literal('float32'), Type.Literal('int32')], { default: 'float32' }),
  channels: Type.Union([Type.Literal('rgb'), Type.Literal('bgr')], { default: 'rgb' }),
  mean: Type.Optional(
    Type.Array(Type.Number(), {
      minItems: 3,
      maxItems: 3,
      description: "Subtracted from each channel, in the network's channel order, on the 0–255 scale.",
    }),
  ),
  std: Type.Optional(
    Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
      minItems: 3,
      maxItems: 3,
      description: 'Then divided by; 255 three times for a network that wants 0–1.',
    }),
  ),
  fit: Type.Union([Type.Literal('keep'), Type.Literal('stretch')], {
    default: 'keep',
    description: 'Keep the aspect ratio and pad, or stretch.',
  }),
  padTo: Type.Union([Type.Literal('size'), Type.Literal('stride')], {
    default: 'size',
    description:
      'Pad to the whole size, or only to the next multiple of the stride: a fully convolutional network then does no work on empty borders, and any size may be asked for at run time.',
  }),
  stride: Type.Integer({
    minimum: 1,
    default: 32,
    description: 'What width and height must be multiples of.',
  }),
  align: Type.Union([Type.Literal('centre'), Type.Literal('top-left')], { default: 'centre' }),
  padValue: Type.Integer({ minimum: 0, maximum: 255, default: 114, description: 'Grey of the padding.' }),
  frozenSize: Type.Optional(
    Type.Object(size.properties, {
      description:
        'TFJS graphs only: the size whose feature-map sizes are frozen into the graph; they are made to follow the picture.',
    }),
  ),
});

const thresholds = Type.Object({
  score: Type.Number({
    minimum: 0,
    maximum: 1,
    description:
      'From here on a detection can be believed by itself. Raising it loses faint things, lowering it invents some.',
  }),
  low: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Detections below this are not given out; those above help a tracker to keep what it has.',
  }),
  iou: Type.Number({
    minimum: 0,
    maximum: 1,
    description:
      'Two boxes of one class that overlap by more are one thing. Raising it lets neighbours stand closer and doubles some.',
  }),
});

/** Everything there is to know about a model: where it comes from, what it eats, how its answers are read. */
export const ManifestSchema = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]*$', description: "The model's name and its file's." }),
  title: Type.String(),
  task: Type.Union([Type.Literal('detect'), Type.Literal('pose')]),
  source,
  upstream: Type.Object({
    project: Type.String({ description: 'Who made the network and its weights.' }),
    url: Type.String(),
    licence: Type.String({ description: 'SPDX identifier of the weights.' }),
  }),
  input,
  decode: Type.Object(
    {
      family: Type.String({
        description: 'How the network speaks; the other keys here are the family’s own.',
      }),
    },
    { additionalProperties: true },
  ),
  labels: Type.Union([Type.Literal('coco-80'), Type.Array(Type.String(), { minItems: 1 })], {
    description: 'The classes in the order of the network, or the name of a known list.',
  }),
  head: Type.Optional(
    Type.Object(
      {
        label: Type.String({ description: 'The class it finds, after those of the network.' }),
        weights: Type.String({
          description: 'What `cabinwatch models train` wrote (.safetensors), relative to the manifest.',
        }),
        sha256: Type.Optional(sha256),
        taps: Type.Array(Type.String(), {
          minItems: 3,
          maxItems: 3,
          description: 'The feature maps it looks at, of strides 8, 16 and 32, [1, channels, height, width].',
        }),
      },
      { description: 'A head of our own on the network, which itself stays as it is; left out: none.' },
    ),
  ),
  thresholds,
  maxDetections: Type.Integer({
    minimum: 1,
    default: 100,
    description: 'Most detections in one picture, strongest first.',
  }),
  quantise: Type.Optional(
    Type.Object(
      {
        calibration: Type.String({
          description: 'The ranges of its feature maps, relative to the manifest.',
        }),
        weightBits: Type.Integer({
          minimum: 7,
          maximum: 8,
          default: 7,
          description: 'Of the weights. 8 is a little finer, and wrong on x86 processors without VNNI.',
        }),
      },
      { description: 'Computes in 8 bits, in 0.6 of the time; left out: in floating point.' },
    ),
  ),
  built: Type.Optional(
    Type.Object({ sha256 }, { description: 'Of the ONNX file that the build must give, byte for byte.' }),
  ),
});

export type Manifest = Static<typeof ManifestSchema>;
export type ManifestInput = Manifest['input'];
export type ManifestSource = Manifest['source'];
