import { detr } from './detr.ts';
import { movenetMultipose, movenetSinglepose } from './movenet.ts';
import { nanodet } from './nanodet.ts';
import { rtmdet } from './rtmdet.ts';
import { yolov8 } from './yolov8.ts';
import { yolox } from './yolox.ts';

/** Every family of networks that a manifest may name. To add one: one file and one line. */
export const FAMILIES = Object.freeze({
  detr,
  'movenet-multipose': movenetMultipose,
  'movenet-singlepose': movenetSinglepose,
  nanodet,
  rtmdet,
  yolov8,
  yolox,
});

export type FamilyName = keyof typeof FAMILIES;
export type { Candidates, DecodeContext, Family, NetworkOutput } from './family.ts';
