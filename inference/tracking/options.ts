import { Type } from 'typebox';
import { closed, number } from '../option-kit.ts';

/** How the cabin lies in this camera's picture. */
export const ViewOptions = Type.Object(
  {
    doorway: Type.Array(
      Type.Array(Type.Number({ minimum: -0.5, maximum: 1.5 }), { minItems: 2, maxItems: 2 }),
      {
        default: [],
        maxItems: 12,
        description:
          'Corners [x, y] of the door opening as the camera sees it, shares of the picture, in order round it; the sill is part of it. ' +
          'Whoever stands beyond the sill is on the landing and not counted. Empty: everybody in the picture counts.',
      },
    ),
  },
  closed,
);

export const FusionOptions = Type.Object(
  {
    boxScore: number(
      0.15,
      0,
      1,
      'Person boxes under this score are ignored. Lower: more chances for the second association stage, more noise.',
    ),
    poseScore: number(
      0.1,
      0,
      1,
      'Poses under this score are ignored; those over it may back a box. Lower: people seen from the ceiling are surer, and so are phantoms.',
    ),
    poseAlone: number(
      0.2,
      0,
      1,
      'Score from which a pose without a box is a person. Lower: more lying and crouching people, more phantoms.',
    ),
    poseBacks: number(
      0.15,
      0,
      1,
      'Score from which a pose shows that a box in which nothing moves is a person. Lower: coats and posters are counted.',
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
    leastArea: number(
      0.015,
      0,
      0.5,
      'People fill at least this share of the picture. Higher: fewer phantoms in corners and mirrors. Lower: children far from the lens are seen.',
    ),
    match: number(
      0.35,
      0,
      1,
      'Affinity from which a box and a pose are one person. Higher: people are split in two. Lower: neighbours are joined.',
    ),
    nested: number(
      0.65,
      0.3,
      1,
      'Share of a box inside another from which the two are one person, unless each has a pose. Higher: heads count beside bodies. Lower: children before adults vanish.',
    ),
  },
  closed,
);

export const TrackerOptions = Type.Object(
  {
    highScore: number(
      0.33,
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

/** Things differ from people: stock models are unsure of them from the ceiling, and they do not walk off by themselves. */
export const ObjectTrackerOptions = Type.Object(
  {
    ...TrackerOptions.properties,
    highScore: number(
      0.25,
      0,
      1,
      'As for people, and lower, because stock models are unsure from the ceiling.',
    ),
    lowScore: number(0.1, 0, 1, 'As for people.'),
    lostSeconds: number(
      8,
      0.1,
      60,
      'As for people, and longer, because bikes do not walk off by themselves.',
    ),
  },
  closed,
);
