import type { Box, Frame, Scene, Track } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createPictureJudge } from '../picture/picture-judge.ts';
import { createPictureMeter } from '../picture/picture-meter.ts';

export interface Tracks {
  readonly people: readonly Track[];
  readonly objects: readonly Track[];
}

export interface CabinPicture {
  /** The frame's scene with the tracks known so far, or undefined if a newer or this very frame was measured before. */
  measure(frame: Frame, known: Tracks, empty: boolean): Scene | undefined;
  /** The scene made of this frame when it was measured. */
  measured(frame: Frame): Scene | undefined;
  readonly last: Scene | undefined;
  /** Share of the box that moved since `withMotion()` was called last, 0–1. */
  motionIn(box: Box): number;
  /** Share of the box that differs from the empty cabin, 0–1; undefined before that is learnt. */
  foregroundIn(box: Box): number | undefined;
  /** The tracks with the motion inside their boxes since this was called last. */
  withMotion(tracks: Tracks): Tracks;
  toJSON(): unknown;
}

/** What can be told of one cabin's picture without a model. */
export function createCabinPicture(options: InferenceOptions): CabinPicture {
  const meter = createPictureMeter(options.picture);
  const judge = createPictureJudge(options);
  const scenes = new WeakMap<Frame, Scene>();
  let last: Scene | undefined;

  const moved = (track: Track): Track => ({ ...track, motion: meter.motionIn(track.box) });

  return {
    measure(frame, known, empty) {
      if (!Number.isFinite(frame.ts) || (last && frame.ts <= last.ts)) return undefined;
      const picture = meter.measure(frame);
      const doubt = judge.push(frame.ts, picture);
      if (empty && !doubt && picture.motion < options.gate.motion) meter.learnEmpty(frame.ts);
      const aspect = frame.width / frame.height;
      const scene: Scene = {
        liftId: frame.liftId,
        ts: frame.ts,
        aspect,
        inferred: false,
        people: known.people,
        objects: known.objects,
        picture,
        ...(doubt ? { doubt } : {}),
      };
      scenes.set(frame, scene);
      last = scene;
      return scene;
    },
    measured: (frame) => scenes.get(frame),
    get last() {
      return last;
    },
    motionIn: meter.motionIn,
    foregroundIn: meter.foregroundIn,
    withMotion(tracks) {
      const people = tracks.people.map(moved);
      const objects = tracks.objects.map(moved);
      meter.restartMotion();
      return { people, objects };
    },
    toJSON: () => ({ judge, last }),
  };
}
