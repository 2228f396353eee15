import type { Box } from '../../core/index.ts';
import type { Sighting } from '../tracking/tracker.ts';

/** What the picture itself tells of a part of it. */
export interface PictureCells {
  /** Share of the box that moved since the last look, 0–1. */
  motionIn(box: Box): number;
  /** Share of the box that differs from the empty cabin, 0–1; undefined before that is learnt. */
  foregroundIn(box: Box): number | undefined;
}

/** Share of a box that must move within one look to show that somebody lives in it. */
const ALIVE = 0.25;
/** A box in which less than this differs from the empty cabin holds the empty cabin. */
const NOTHING_NEW = 0.06;

/**
 * Detectors take coats on hooks, posters and reflections for people. A sighting that no pose backs is dropped where the
 * picture is that of the empty cabin, and backed where something moves: nobody enters a cabin without moving.
 * @param posing whether the pose model had its say; without one every box must be believed
 */
export function withLifeSigns(
  sightings: readonly Sighting[],
  cells: PictureCells,
  posing: boolean,
): Sighting[] {
  const alive: Sighting[] = [];
  for (const s of sightings) {
    if (s.backed) alive.push(s);
    else if ((cells.foregroundIn(s.box) ?? 1) >= NOTHING_NEW)
      alive.push({ ...s, backed: !posing || cells.motionIn(s.box) >= ALIVE });
  }
  return alive;
}
