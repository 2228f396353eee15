import { type Box, type Detection, iou } from '../../../core/index.ts';
import type { InferenceOptions } from '../../../inference/index.ts';

/** One still: the e-bikes in it and what was found. */
export interface JudgedStill {
  readonly name: string;
  readonly truth: readonly Box[];
  readonly found: readonly Detection[];
}

type Labels = InferenceOptions['ebike']['labels'];

/** The faintest finds that are judged. */
export const FLOOR = 0.1;

/** Whether one look at this would count in the vote over time. */
export const votes = ({ label, score }: Detection, labels: Labels): boolean =>
  score >= (labels[label]?.score ?? Number.POSITIVE_INFINITY);

/** Stills with an e-bike that no find speaks for strongly enough, each with the best score on it. */
export function missesOf(stills: readonly JudgedStill[], labels: Labels, minIou: number): string[] {
  return stills.flatMap(({ name, truth, found }) =>
    truth.flatMap((box) => {
      const on = found.filter((d) => iou(d.box, box) >= minIou);
      if (on.some((d) => votes(d, labels))) return [];
      const best = Math.max(0, ...on.map(({ score }) => score));
      return [`${name} (${best > 0 ? best.toFixed(2) : `under ${FLOOR}`})`];
    }),
  );
}
