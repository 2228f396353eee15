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
  /** As of the last plan something is being searched for, or a lead followed. */
  readonly busy: boolean;
  toJSON(): unknown;
}

/** A confirmed bike is looked at closely this often, ms. */
const WATCH_MS = 1000;
/** How long a lead is looked at closely, look after look, so that a vote can come of it, ms. */
const LEAD_MS = 2500;
/** It then rests: for this long at first, each time twice as long, and never longer than the last, ms. */
const FIRST_REST_MS = 2500;
const LONGEST_REST_MS = 60_000;
/** A lead not seen for this long is a new one when it comes back, ms. */
const FORGET_MS = 5000;

interface Pursuit {
  /** Until when it is looked at, and until when it then rests, ms. */
  readonly until: number;
  readonly rest: number;
}

/**
 * From the ceiling an e-bike fills little of a 416-pixel input and scores under 0.3; a crop lifts it above. While
 * something large is new in the cabin one of four overlapping corner crops is added to each look, in turn. A lead comes
 * first, some seconds at a time, and now and then as long as it lasts: a bike may stand so that it is sure only later.
 */
export function createZoomPlanner(options: InferenceOptions['zoom']): ZoomPlanner {
  const corners = cornerCrops(options.cropSize);
  let next = 0;
  let newUntil = Number.NEGATIVE_INFINITY;
  let large = false;
  let pursuit: Pursuit | undefined;
  let lastLead = Number.NEGATIVE_INFINITY;
  let lastWatch = Number.NEGATIVE_INFINITY;
  let busy = false;

  function isSearching(ts: number, picture: PictureStats): boolean {
    const now = picture.foreground >= options.foreground;
    const moves = picture.motion >= options.foreground;
    if (moves || (now && !large)) newUntil = ts + options.newSeconds * 1000;
    large = now;
    return ts <= newUntil;
  }

  function isPursued(ts: number, lead: Box | undefined): boolean {
    if (ts - lastLead > FORGET_MS) pursuit = undefined;
    if (!lead) return false;
    lastLead = ts;
    if (!pursuit) pursuit = { until: ts + LEAD_MS, rest: FIRST_REST_MS };
    else if (ts > pursuit.until + pursuit.rest) {
      pursuit = { until: ts + LEAD_MS, rest: Math.min(2 * pursuit.rest, LONGEST_REST_MS) };
    }
    return ts <= pursuit.until;
  }

  return {
    plan(ts, { picture, lead, decided }) {
      if (options.cropsPerLook === 0) return [];
      const searching = isSearching(ts, picture);
      if (decided) {
        busy = searching;
        pursuit = undefined;
        if (!lead || ts - lastWatch < WATCH_MS) return [];
        lastWatch = ts;
        return [cropAround(lead, options.cropSize)];
      }
      const pursued = isPursued(ts, lead);
      busy = searching || pursued;
      const crops = lead && pursued ? [cropAround(lead, options.cropSize)] : [];
      while (searching && crops.length < options.cropsPerLook) crops.push(corners[next++ % corners.length]!);
      return crops;
    },
    get busy() {
      return busy;
    },
    toJSON: () => ({ next, newUntil, large, pursuit, lastLead }),
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
