import { type Box, iou } from '../../../core/index.ts';

export interface ScoredBox {
  readonly score: number;
  readonly box: Box;
}

/** One picture: what is in it and what was found, of one class. */
export interface PictureResult {
  readonly truth: readonly Box[];
  readonly found: readonly ScoredBox[];
}

interface Match {
  readonly score: number;
  readonly hit: boolean;
}

/**
 * Average precision at one overlap, as COCO takes it: finds over all pictures by falling score, each claims the best
 * free truth that it overlaps enough, precision made falling and averaged over the recalls 0, 0.01 … 1.
 * @returns 0–1; NaN where there is no truth at all
 */
export function averagePrecision(pictures: readonly PictureResult[], minIou: number): number {
  const total = pictures.reduce((sum, picture) => sum + picture.truth.length, 0);
  if (total === 0) return Number.NaN;
  const matches = pictures.flatMap((picture) => matchPicture(picture, minIou));
  matches.sort((a, b) => b.score - a.score);
  let hits = 0;
  const curve = matches.map((match, i) => {
    if (match.hit) hits += 1;
    return { recall: hits / total, precision: hits / (i + 1) };
  });
  for (let i = curve.length - 2; i >= 0; i--) {
    const [here, after] = [curve[i], curve[i + 1]];
    if (here && after) here.precision = Math.max(here.precision, after.precision);
  }
  let sum = 0;
  let at = 0;
  for (let step = 0; step <= 100; step++) {
    while (at < curve.length && (curve[at]?.recall as number) < step / 100) at += 1;
    sum += curve[at]?.precision ?? 0;
  }
  return sum / 101;
}

/** Finds of at least `score` that meet a truth, and those that don't. */
export function matchesAt(
  pictures: readonly PictureResult[],
  minIou: number,
  score: number,
): { hits: number; misses: number } {
  const matches = pictures
    .flatMap((picture) => matchPicture(picture, minIou))
    .filter((m) => m.score >= score);
  const hits = matches.filter((m) => m.hit).length;
  return { hits, misses: matches.length - hits };
}

function matchPicture({ truth, found }: PictureResult, minIou: number): Match[] {
  const free = new Set(truth);
  return [...found]
    .sort((a, b) => b.score - a.score)
    .map(({ score, box }) => {
      let best: Box | undefined;
      let bestIou = minIou;
      for (const candidate of free) {
        const overlap = iou(candidate, box);
        if (overlap >= bestIou) [best, bestIou] = [candidate, overlap];
      }
      if (best) free.delete(best);
      return { score, hit: best !== undefined };
    });
}
