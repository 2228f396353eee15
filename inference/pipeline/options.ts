import { Type } from 'typebox';
import { closed, number } from '../option-kit.ts';

export const GateOptions = Type.Object(
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

export const ZoomOptions = Type.Object(
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
      0.15,
      0,
      1,
      'Score of an e-bike label from which a place is looked at closely again. Lower: more false leads.',
    ),
  },
  closed,
);

export const PoseOptions = Type.Object(
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

export const DetectorPlanOptions = Type.Object(
  {
    hurriedSeconds: number(
      0.8,
      0,
      10,
      'Interval, s, of detector passes in a cabin with people while the machine does not keep up; between them people are followed by their poses. Higher: more looks a second, things are seen later. 0: every look.',
    ),
  },
  closed,
);
