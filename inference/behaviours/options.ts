import { Type } from 'typebox';
import { closed, number } from '../option-kit.ts';

export const OccupancyOptions = Type.Object(
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
    twice: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether it counts only where the whole picture and a closer look at the place both show it; its score is then the geometric mean of theirs. ' +
          'For a model whose single looks are often wrong. False: the best look counts.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const EbikeOptions = Type.Object(
  {
    labels: Type.Record(Type.String(), EbikeLabel, {
      default: {
        ebike: { score: 0.75, clear: 0.8, weight: 1, twice: true },
        motorcycle: { score: 0.28, clear: 0.45, weight: 1 },
        bicycle: { score: 0.3, clear: 1, weight: 0.3 },
      },
      description:
        'Model labels that speak for an e-bike. A model that knows no e-bikes says motorcycle; bicycle is weak evidence.',
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

export const MotionlessOptions = Type.Object(
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

export const CrowdingOptions = Type.Object(
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
      description: 'Least looks that must agree, to start and to end. Higher: steadier and later.',
    }),
    share: number(
      0.6,
      0.5,
      1,
      'Share of the looks that must agree. Lower: people who hide behind others for a moment matter less.',
    ),
    windowSeconds: number(2, 0.4, 60, 'Length, s, of the sliding vote for a crowd. Higher: surer and later.'),
    releaseSeconds: number(
      5,
      0.4,
      600,
      'Length, s, of the sliding vote for its end. Higher: flicker is hidden.',
    ),
    holdSeconds: number(1, 0, 60, 'Least time, s, over which they must agree. Higher: steadier and later.'),
    capSeconds: number(1800, 10, 86_400, 'Longest, s, that one event may last.'),
  },
  closed,
);

export const CameraBlockedOptions = Type.Object(
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

export const CameraFrozenOptions = Type.Object(
  {
    afterSeconds: number(
      8,
      2,
      3600,
      'How long, s, the picture must repeat itself. Lower: still scenes under heavy compression may count as frozen.',
    ),
    capSeconds: number(43_200, 60, 2_592_000, 'Longest, s, that one event may last.'),
  },
  closed,
);

export const FallOptions = Type.Object(
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
      0.4,
      0,
      5,
      'How far the hips must sink, in spine lengths. Higher: falls towards the camera are missed. Lower: bending over counts.',
    ),
    lyingAngle: number(
      52,
      20,
      90,
      'Angle, degrees, of the spine against upright from which a body is down. Higher: only flat bodies count. Lower: leaning counts.',
    ),
    lowHead: number(
      0.45,
      -1,
      1,
      'A body is also down when its head is less than this share of its upright height above the hips: seen from the feet, a lying spine is short but not level.',
    ),
    standingLegs: number(
      0.9,
      0,
      3,
      'Hips more than this above the ankles, in spine lengths, are carried by the legs: the body is not down. Higher: crouching low may count as down.',
    ),
    stretched: number(
      1.4,
      0,
      4,
      'From head to ankles, in spine lengths, a body seen from the side must measure to be lying; somebody crouched over their shoes measures less. Higher: curled up bodies are missed.',
    ),
    lyingWidth: number(
      1.15,
      0.2,
      5,
      'Width ÷ height from which a box without a pose is a lying body. Higher: fewer and surer.',
    ),
    lyingHeight: number(
      0.6,
      0.1,
      1,
      'Share of the standing height below which a box without a pose is a lying body. Lower: fewer and surer.',
    ),
    holdSeconds: number(0.4, 0, 30, 'How long the body must stay down, s. Higher: later but surer.'),
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
    edgeScore: number(
      0.4,
      0,
      1,
      'How sure the hips of somebody must be whose feet are beyond the edge of the picture for them to count as down. Higher: falls right under the camera are missed. Lower: who steps under it may count as fallen.',
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
