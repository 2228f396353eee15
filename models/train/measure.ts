import { type Found, overlap } from './plain-head.ts';
import type { PictureTruth } from './sample.ts';

/** What was found in one picture, and what is in it. */
export interface Judged {
  readonly found: readonly Found[];
  readonly truth: PictureTruth;
}

export interface AtScore {
  readonly score: number;
  /** Things found, of `HeadFigures.things`. */
  readonly hits: number;
  /** Finds that are nothing. */
  readonly inventions: number;
  /** Pictures without the thing in which something is found, of `HeadFigures.empty`. */
  readonly falsePictures: number;
}

export interface HeadFigures {
  readonly pictures: number;
  readonly things: number;
  /** Pictures without the thing. */
  readonly empty: number;
  /** Area under precision over recall, IoU ≥ 0.5. */
  readonly averagePrecision: number;
  readonly at: readonly AtScore[];
}

const MATCH = 0.5;
const SCORES = [0.1, 0.25, 0.4, 0.5, 0.6, 0.7];

export function headFigures(pictures: readonly Judged[]): HeadFigures {
  const things = pictures.reduce((sum, { truth }) => sum + truth.boxes.length, 0);
  const empty = pictures.filter(isEmpty);
  const finds = pictures.flatMap(verdicts).sort((a, b) => b.score - a.score);
  const at = SCORES.map((score) => {
    const given = finds.filter((find) => find.score >= score);
    const hits = given.filter((find) => find.right).length;
    return {
      score,
      hits,
      inventions: given.length - hits,
      falsePictures: empty.filter(({ found }) => found.some((f) => f.score >= score)).length,
    };
  });
  const averagePrecision = areaUnderCurve(
    finds.map(({ right }) => right),
    things,
  );
  return { pictures: pictures.length, things, empty: empty.length, averagePrecision, at };
}

const isEmpty = ({ truth }: Judged): boolean => truth.boxes.length === 0 && truth.ignored.length === 0;

/** Each find, strongest first, right if it meets a thing nobody has met; finds of what is ignored do not count. */
function verdicts({ found, truth }: Judged): { score: number; right: boolean }[] {
  const open = new Set(truth.boxes);
  return found.flatMap(({ box, score }) => {
    const best = [...open].sort((a, b) => overlap(b, box) - overlap(a, box))[0];
    if (best && overlap(best, box) >= MATCH) {
      open.delete(best);
      return { score, right: true };
    }
    return truth.ignored.some((place) => overlap(place, box) > 0.3) ? [] : { score, right: false };
  });
}

function areaUnderCurve(right: readonly boolean[], things: number): number {
  let hits = 0;
  const precision = right.map((r, i) => {
    if (r) hits += 1;
    return hits / (i + 1);
  });
  let best = 0;
  let area = 0;
  for (let i = right.length - 1; i >= 0; i--) {
    best = Math.max(best, precision[i] as number);
    if (right[i]) area += best;
  }
  return things > 0 ? area / things : 0;
}
