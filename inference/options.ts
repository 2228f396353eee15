import { type Static, type TNumber, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError } from '../core/index.ts';

/** A number with its default, bounds and a description: unit, then what raising and lowering it does. */
function number(fallback: number, minimum: number, maximum: number, description: string): TNumber {
  return Type.Number({ default: fallback, minimum, maximum, description });
}

const closed = { additionalProperties: false, default: {} } as const;

const PictureOptions = Type.Object(
  {
    cellChange: number(
      0.03,
      0.005,
      0.5,
      'Brightness change, 0–1, that makes a cell of the coarse grid count as moved. Higher: less moved by noise, small motion is missed.',
    ),
    cellForeground: number(
      0.18,
      0.02,
      2,
      'Difference in log brightness from the empty cabin, after taking off the light, that makes a cell foreground. Higher: shadows and reflections count less, dim things are missed.',
    ),
    learnSeconds: number(
      20,
      1,
      3600,
      'Time constant, s, with which the empty cabin is learnt. Higher: things left behind stay foreground for longer, slow changes of light take longer to be forgotten.',
    ),
    greyChroma: number(
      0.012,
      0,
      0.2,
      'Mean colourfulness, 0–1, under which a picture is grey (infrared). Higher: pale colour pictures count as grey.',
    ),
    darkLuma: number(
      0.045,
      0,
      0.5,
      'Mean brightness, 0–1, under which a picture is too dark to judge. Higher: dim cabins count as dark.',
    ),
  },
  closed,
);

const GateOptions = Type.Object(
  {
    idleFps: number(
      1,
      1,
      30,
      'Looks a second while nothing moves. Higher: still people are seen sooner, more CPU.',
    ),
    activeFps: number(
      5,
      1,
      30,
      'Looks a second while something moves. Higher: quicker and surer decisions, more CPU.',
    ),
    motion: number(
      0.01,
      0,
      1,
      'Share of moved cells that makes the cabin active. Higher: small motion leaves it idle. Lower: noise keeps it active.',
    ),
    holdSeconds: number(
      2,
      0,
      60,
      'How long, s, a cabin stays active after the last motion. Higher: more looks, more CPU.',
    ),
  },
  closed,
);

const FusionOptions = Type.Object(
  {
    boxScore: number(
      0.15,
      0,
      1,
      'Person boxes under this score are ignored. Lower: more chances for the second association stage, more noise.',
    ),
    poseScore: number(
      0.2,
      0,
      1,
      'Poses under this score are ignored. Lower: more lying and crouching people, more phantoms.',
    ),
    keypointScore: number(
      0.2,
      0,
      1,
      'Joints under this score are not used for matching. Higher: fewer, surer joints.',
    ),
    minKeypoints: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 17,
      description:
        'Joints a pose without a box needs to be a person. Higher: fewer phantoms, half-hidden people are missed.',
    }),
    match: number(
      0.35,
      0,
      1,
      'Affinity from which a box and a pose are one person. Higher: people are split in two. Lower: neighbours are joined.',
    ),
    nested: number(
      0.8,
      0.3,
      1,
      'Share of a box inside another from which the two are one person, unless each has a pose. Higher: heads count beside bodies. Lower: children before adults vanish.',
    ),
  },
  closed,
);

const TrackerOptions = Type.Object(
  {
    highScore: number(
      0.4,
      0,
      1,
      'Score from which a sighting takes part in the first association and may start a track. Higher: fewer phantoms, later starts.',
    ),
    lowScore: number(
      0.15,
      0,
      1,
      'Score from which a sighting may continue a track in the second association. Lower: tracks survive dimmer light, drift more.',
    ),
    confirmLooks: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 20,
      description: 'Sightings that confirm a track. Higher: fewer phantoms, later counts.',
    }),
    tentativeSeconds: number(
      1.2,
      0,
      30,
      'How long, s, an unconfirmed track may go unseen. Must exceed the idle look interval. Higher: flicker adds up to people.',
    ),
    lostSeconds: number(
      3,
      0.1,
      60,
      'How long, s, a confirmed track may go unseen and keep its id. Higher: longer occlusions, more mix-ups.',
    ),
    reach: number(
      1,
      0.05,
      10,
      'Fastest movement, picture widths a second, that is still the same person. Higher: ids jump. Lower: quick people get new ids.',
    ),
    maxTracks: Type.Integer({
      default: 40,
      minimum: 1,
      maximum: 500,
      description: 'Tracks kept at once; the weakest sightings give way. Bounds memory and time.',
    }),
  },
  closed,
);

const OccupancyOptions = Type.Object(
  {
    holdSeconds: number(
      1,
      1,
      30,
      'How long, s, a changed count must hold before it is published. Higher: steadier and later.',
    ),
    bridgeSeconds: number(
      0.8,
      0,
      10,
      'How long, s, a person the model lost in the open still counts. Higher: flicker is hidden, leaving is seen later.',
    ),
    hiddenSeconds: number(
      3,
      0,
      60,
      'How long, s, a person lost behind another still counts; the track lifetime bounds it. Higher: steadier crowds, leaving together is seen later.',
    ),
    infraredSeconds: number(
      60,
      0,
      86_400,
      'How long, s, people not seen in an infrared picture are held to be there. Higher: leaving in the dark is seen later.',
    ),
    capSeconds: number(
      14_400,
      60,
      604_800,
      'Longest, s, that one occupancy may last before it is closed. Lower: closes stuck counts sooner, cuts long entrapments.',
    ),
  },
  closed,
);

const EbikeLabel = Type.Object(
  {
    score: number(0.3, 0, 1, 'Score from which the label counts.'),
    clear: number(0.45, 0, 1, 'Score from which a frame is clear enough for the voice warning.'),
    weight: number(
      1,
      0,
      1,
      'Worth of one frame with this label in the vote; under the share it never confirms alone.',
    ),
  },
  { additionalProperties: false },
);

const EbikeOptions = Type.Object(
  {
    labels: Type.Record(Type.String(), EbikeLabel, {
      default: {
        ebike: { score: 0.35, clear: 0.5, weight: 1 },
        motorcycle: { score: 0.28, clear: 0.45, weight: 1 },
        bicycle: { score: 0.3, clear: 1, weight: 0.3 },
      },
      description:
        'Model labels that speak for an e-bike. Stock weights know no e-bikes: motorcycle stands for one, bicycle is weak evidence.',
    }),
    windowSeconds: number(2, 0.4, 30, 'Length, s, of the sliding vote. Higher: surer and later.'),
    minLooks: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 50,
      description: 'Frames with evidence that a confirmation needs. Higher: surer and later.',
    }),
    share: number(
      0.4,
      0.05,
      1,
      'Weighted share of the frames in the window that confirms. Higher: fewer false alarms, more misses.',
    ),
    spanSeconds: number(
      0.6,
      0,
      10,
      'Least time, s, between first and last evidence. Higher: a bike passing the door is not an entry.',
    ),
    decideSeconds: number(2.4, 0.5, 30, 'A warning that is not confirmed within this time, s, is withdrawn.'),
    absentSeconds: number(
      5,
      1,
      60,
      'How long, s, the bike must be unseen to be gone. Higher: fewer double events, later release.',
    ),
    rearmSeconds: number(
      10,
      0,
      600,
      'Quiet time, s, after an event before the next may start. Higher: fewer repeats.',
    ),
    stillHoldSeconds: number(
      600,
      0,
      86_400,
      'How long, s, a bike no longer recognised is held to be there while nothing has moved. Higher: one parked bike stays one event.',
    ),
    capSeconds: number(1800, 10, 86_400, 'Longest, s, that one event may last.'),
  },
  closed,
);

const MotionlessOptions = Type.Object(
  {
    afterSeconds: number(
      120,
      5,
      7200,
      'How long, s, a person must not move. Lower: people who merely stand still are reported.',
    ),
    shift: number(
      0.15,
      0.01,
      1,
      'Movement of the box, as a share of its size, that counts as moving. Lower: jitter of the model counts.',
    ),
    motion: number(
      0.1,
      0.005,
      1,
      'Share of moved cells inside the box that counts as moving. Lower: noise counts.',
    ),
    settleSeconds: number(
      1,
      0,
      30,
      'How long, s, movement must last to break stillness. Higher: single twitches and jitter are forgiven.',
    ),
    capSeconds: number(14_400, 60, 604_800, 'Longest, s, that one event may last.'),
  },
  closed,
);

const CrowdingOptions = Type.Object(
  {
    moreThan: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 100,
      description: 'People above this number are a crowd. Set it to the rated persons of the car.',
    }),
    looks: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 50,
      description: 'Looks in a row that must agree, to start and to end. Higher: steadier and later.',
    }),
    holdSeconds: number(1, 0, 60, 'Least time, s, over which they must agree. Higher: steadier and later.'),
    capSeconds: number(1800, 10, 86_400, 'Longest, s, that one event may last.'),
  },
  closed,
);

const CameraBlockedOptions = Type.Object(
  {
    collapse: number(
      0.35,
      0.01,
      0.95,
      'Share of the normal detail and contrast under which the lens counts as covered. Higher: people close to the lens count as covers.',
    ),
    recover: number(0.6, 0.02, 1, 'Share of the normal detail from which it is free again.'),
    holdSeconds: number(4, 0, 600, 'How long, s, the collapse must last. Higher: fewer false alarms, later.'),
    recoverSeconds: number(2, 0, 600, 'How long, s, the picture must be good to end it.'),
    darkSeconds: number(
      60,
      1,
      86_400,
      'How long, s, a picture may be too dark before it is reported, as unknown. Lower: lights switched off are reported.',
    ),
    learnSeconds: number(120, 5, 86_400, 'Time constant, s, with which the normal detail is learnt.'),
    capSeconds: number(
      43_200,
      60,
      2_592_000,
      'Longest, s, that one event may last; the picture is then taken as the new normal.',
    ),
  },
  closed,
);

const CameraFrozenOptions = Type.Object(
  {
    afterSeconds: number(
      15,
      2,
      3600,
      'How long, s, the picture must repeat itself. Lower: still scenes under heavy compression count as frozen.',
    ),
    share: number(
      0.85,
      0.3,
      1,
      'Share of frames in that time that must be byte for byte the one before. Under 1 because an encoder redraws a frozen picture at key frames.',
    ),
    capSeconds: number(43_200, 60, 2_592_000, 'Longest, s, that one event may last.'),
  },
  closed,
);

const ZoomOptions = Type.Object(
  {
    foreground: number(
      0.12,
      0,
      1,
      'Share of foreground cells that is something large. Higher: fewer zoomed looks, small bikes are missed. 1: never.',
    ),
    newSeconds: number(
      6,
      0,
      600,
      'How long, s, after it came or moved a large thing stays new, and is searched. Higher: more CPU.',
    ),
    cropsPerLook: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 4,
      description: 'Zoomed passes added to one look. Higher: quicker finds, as many times the CPU. 0: never.',
    }),
    cropSize: number(
      0.62,
      0.3,
      1,
      'Size of a crop, as a share of the picture. Lower: larger magnification, things are cut more often.',
    ),
    lead: number(
      0.12,
      0,
      1,
      'Score of an e-bike label from which a place is looked at closely again. Lower: more false leads.',
    ),
  },
  closed,
);

const PoseOptions = Type.Object(
  {
    idleSeconds: number(
      3,
      0,
      3600,
      'Interval, s, of pose passes while nobody is known to be there. Lower: lying people whom boxes miss are found sooner, more CPU.',
    ),
    holdSeconds: number(
      3,
      0,
      600,
      'How long, s, poses are looked for after the last person or motion. Higher: more CPU.',
    ),
  },
  closed,
);

const FallOptions = Type.Object(
  {
    descentSeconds: number(
      2,
      0.3,
      10,
      'Longest time, s, from upright to down that counts as a fall. Higher: slow collapses count, and so may lying down on purpose.',
    ),
    headDrop: number(
      0.9,
      0.1,
      5,
      'How far the head must sink, in spine lengths. Higher: falls from sitting are missed. Lower: nodding and crouching count.',
    ),
    hipDrop: number(
      0.3,
      0,
      5,
      'How far the hips must sink, in spine lengths. Higher: falls towards the camera are missed. Lower: bending over counts.',
    ),
    lyingAngle: number(
      55,
      20,
      90,
      'Angle, degrees, of the spine against upright from which a body is down. Higher: only flat bodies count. Lower: leaning counts.',
    ),
    lowHead: number(
      0.35,
      -1,
      2,
      'A body is also down when its head is less than this above its hips, in spine lengths: seen from the feet, a lying spine is short but not level.',
    ),
    holdSeconds: number(0.5, 0, 30, 'How long the body must stay down, s. Higher: later but surer.'),
    recoverSeconds: number(1.5, 0, 60, 'How long somebody must be upright again to end it, s.'),
    goneSeconds: number(
      10,
      0.5,
      600,
      'How long the fallen person must be unseen to end it, s. Higher: longer open after they were carried out, fewer repeats.',
    ),
    capSeconds: number(3600, 1, 86_400, 'An open fall is closed after this, s.'),
    jointScore: number(
      0.2,
      0,
      1,
      'Joints less sure than this count as hidden. Higher: steadier postures, fewer of them.',
    ),
    nadir: Type.Optional(
      Type.Object(
        { x: Type.Number(), y: Type.Number() },
        {
          additionalProperties: false,
          description:
            'Where the spot straight under the lens lies in the picture (0–1 inside it, beyond outside): standing bodies point away from it. Leave out for a view from the side; { x: 0.5, y: 0.5 } for a camera in the middle of the ceiling that looks straight down.',
        },
      ),
    ),
  },
  closed,
);

/** All thresholds of the analysis of one cabin. Every lift may override any of them. */
export const InferenceOptions = Type.Object(
  {
    picture: PictureOptions,
    gate: GateOptions,
    fusion: FusionOptions,
    people: TrackerOptions,
    objects: Type.Object(
      {
        ...TrackerOptions.properties,
        highScore: number(
          0.25,
          0,
          1,
          'As for people. Lower than there, because stock models are unsure from the ceiling.',
        ),
        lowScore: number(0.1, 0, 1, 'As for people.'),
        lostSeconds: number(
          8,
          0.1,
          60,
          'As for people. Higher, because bikes do not walk off by themselves.',
        ),
      },
      closed,
    ),
    occupancy: OccupancyOptions,
    ebike: EbikeOptions,
    fall: FallOptions,
    motionless: MotionlessOptions,
    crowding: CrowdingOptions,
    cameraBlocked: CameraBlockedOptions,
    cameraFrozen: CameraFrozenOptions,
    zoom: ZoomOptions,
    pose: PoseOptions,
  },
  closed,
);
export type InferenceOptions = Static<typeof InferenceOptions>;

type Partly<T> = T extends object ? { readonly [K in keyof T]?: Partly<T[K]> } : T;
export type InferenceOptionsInput = Partly<InferenceOptions>;

/** Fills in the defaults and checks. Throws CONFIG_INVALID with every wrong key, what was expected and what was found. */
export function inferenceOptions(input: InferenceOptionsInput = {}): InferenceOptions {
  const value = Value.Default(InferenceOptions, structuredClone(input));
  const errors = [...Value.Errors(InferenceOptions, value)];
  if (errors.length > 0) {
    const lines = errors.map((e) => `inference${e.instancePath.replaceAll('/', '.')} ${e.message}`);
    throw new CabinwatchError('CONFIG_INVALID', lines.join('; '));
  }
  return value as InferenceOptions;
}
