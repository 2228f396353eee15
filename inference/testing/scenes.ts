import type { Behaviour, BehaviourEvent, Box, PictureStats, Scene, Track } from '../../core/index.ts';

/** A lit, sharp, colourful picture in which nothing moves; for scripted scenes. */
export const GOOD_PICTURE: PictureStats = Object.freeze({
  luma: 0.5,
  contrast: 0.2,
  detail: 0.05,
  motion: 0,
  foreground: 0,
  grey: false,
  identical: false,
});

type SceneParts = Omit<Partial<Scene>, 'picture' | 'ts'> & { readonly picture?: Partial<PictureStats> };

export function scene(ts: number, parts: SceneParts = {}): Scene {
  const { picture, ...rest } = parts;
  return {
    liftId: 'lift-1',
    ts,
    aspect: 16 / 9,
    inferred: true,
    people: [],
    objects: [],
    picture: { ...GOOD_PICTURE, ...picture },
    ...rest,
  };
}

export const boxAt = (x: number, y = 0.55, w = 0.16, h = 0.6): Box => ({
  x1: x - w / 2,
  y1: y - h / 2,
  x2: x + w / 2,
  y2: y + h / 2,
});

/** A confirmed track seen in the look at `ts`. */
export function seen(ts: number, trackId: number, parts: Partial<Track> = {}): Track {
  const box = boxAt(0.15 + ((trackId * 0.17) % 0.7));
  return {
    trackId,
    label: 'person',
    score: 0.8,
    box,
    firstSeen: 0,
    lastSeen: ts,
    state: 'confirmed',
    ...parts,
  };
}

/** A track last seen at `lastSeen`. */
export function lost(lastSeen: number, trackId: number, parts: Partial<Track> = {}): Track {
  return seen(lastSeen, trackId, { state: 'lost', ...parts });
}

/** Plays one scene a step from 0 to `end` ms and gives what the behaviour said. */
export function play(
  behaviour: Behaviour,
  script: (ts: number) => SceneParts,
  end: number,
  step = 200,
): BehaviourEvent[] {
  const events: BehaviourEvent[] = [];
  for (let ts = 0; ts <= end; ts += step) events.push(...behaviour.push(scene(ts, script(ts))));
  return events;
}

/** `phase@seconds` for each event, the short form tests compare. */
export const times = (events: readonly BehaviourEvent[]): string[] =>
  events.map((e) => `${e.phase}@${e.ts / 1000}`);
