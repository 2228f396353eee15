import { type Box, boxCentre, type PictureStats } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';

export interface ZoomSituation {
  readonly picture: PictureStats;
  /** Where something that may be an e-bike was seen just now, however unsurely. */
  readonly lead: Box | undefined;
  /** An e-bike is already confirmed: it is only to be watched whether it still stands at `lead`. */
  readonly decided: boolean;
}

export interface ZoomPlanner {
  /** Parts of the picture to look at closely in the look at `ts`; at most `cropsPerLook`. */
  plan(ts: number, situation: ZoomSituation): Box[];
  /** Something large is new, as of the last plan: the search is on. */
  readonly searching: boolean;
  toJSON(): unknown;
}

/** A confirmed bike is looked at closely this often, ms. */
const WATCH_MS = 1000;
/** How long a lead that found nothing more keeps the close look from searching elsewhere, ms. */
const LEAD_MS = 2500;

/**
 * From the ceiling an e-bike fills little of a 416-pixel input and scores under 0.3; a crop lifts it above. While
 * something large is new in the cabin one of four overlapping corner crops is added to each look, in turn; a lead is
 * looked at every time, so that it can win or lose the vote.
 */
export function createZoomPlanner(options: InferenceOptions['zoom']): ZoomPlanner {
  const corners = cornerCrops(options.cropSize);
  let next = 0;
  let newUntil = Number.NEGATIVE_INFINITY;
  let large = false;
  let leadSince: number | undefined;
  let lastWatch = Number.NEGATIVE_INFINITY;
  let searching = false;

  function noteNew(ts: number, picture: PictureStats): void {
    const now = picture.foreground >= options.foreground;
    const moves = picture.motion >= options.foreground;
    if (moves || (now && !large)) newUntil = ts + options.newSeconds * 1000;
    large = now;
    searching = ts <= newUntil;
  }

  return {
    plan(ts, { picture, lead, decided }) {
      if (options.cropsPerLook === 0) return [];
      noteNew(ts, picture);
      leadSince = lead ? (leadSince ?? ts) : undefined;
      if (decided) {
        if (!lead || ts - lastWatch < WATCH_MS) return [];
        lastWatch = ts;
        return [cropAround(lead, options.cropSize)];
      }
      if (!searching) return [];
      const crops: Box[] = [];
      if (lead && ts - (leadSince ?? ts) <= LEAD_MS) crops.push(cropAround(lead, options.cropSize));
      while (crops.length < options.cropsPerLook) crops.push(corners[next++ % corners.length]!);
      return crops;
    },
    get searching() {
      return searching;
    },
    toJSON: () => ({ next, newUntil, large, leadSince }),
  };
}

export function cornerCrops(size: number): readonly Box[] {
  const far = 1 - size;
  const at = (x1: number, y1: number): Box => ({ x1, y1, x2: x1 + size, y2: y1 + size });
  return [at(0, 0), at(far, far), at(far, 0), at(0, far)];
}

/** A crop of the given size with the box in its middle, kept inside the picture; larger if the box is. */
export function cropAround(box: Box, size: number): Box {
  const side = Math.min(1, Math.max(size, 1.2 * (box.x2 - box.x1), 1.2 * (box.y2 - box.y1)));
  const centre = boxCentre(box);
  const x1 = Math.min(1 - side, Math.max(0, centre.x - side / 2));
  const y1 = Math.min(1 - side, Math.max(0, centre.y - side / 2));
  return { x1, y1, x2: x1 + side, y2: y1 + side };
}
