import type { PictureDoubt, PictureStats } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';

export interface PictureJudge {
  /** Once a measured frame, in rising `ts`. Undefined: the picture can be trusted. */
  push(ts: number, picture: PictureStats): PictureDoubt | undefined;
  /** This picture's detail as a share of the camera's normal, where one is learnt. */
  readonly detailShare: number | undefined;
  toJSON(): unknown;
}

type JudgeOptions = Pick<InferenceOptions, 'picture' | 'cameraBlocked' | 'cameraFrozen'>;

/** Under these nothing can be made out, whatever the camera's normal: a lens cap, a sprayed dome. */
const BLIND_DETAIL = 0.003;
const BLIND_CONTRAST = 0.02;
/** Added to brightness so that dimmed light lowers detail no further than noise. */
const LUMA_FLOOR = 0.05;
const COLOUR_KNOWN_MS = 5000;
const GREY_SURE_MS = 2000;
/** A longer pause between frames says nothing about what was in between. */
const LONGEST_STEP_MS = 2000;

/** Knows the camera's normal picture and says when the present one is not to be relied on. */
export function createPictureJudge(options: JudgeOptions): PictureJudge {
  const normal = createNormal(options.cameraBlocked);
  const frozen = createRepeats(options.cameraFrozen);
  let last: number | undefined;
  let colourMs = 0;
  let greyMs = 0;

  return {
    push(ts, picture) {
      const step = last === undefined ? 0 : Math.min(LONGEST_STEP_MS, Math.max(0, ts - last));
      last = ts;
      greyMs = picture.grey ? greyMs + step : 0;
      if (!picture.grey) colourMs += step;
      const repeats = frozen(ts, picture.identical);
      if (picture.luma < options.picture.darkLuma) return 'dark';
      if (normal.collapsed(step, picture)) return 'blocked';
      if (repeats) return 'frozen';
      // A camera that never showed colour is simply monochrome.
      return greyMs >= GREY_SURE_MS && colourMs >= COLOUR_KNOWN_MS ? 'infrared' : undefined;
    },
    get detailShare() {
      return normal.share;
    },
    toJSON: () => ({ last, colourMs, greyMs, detailShare: normal.share }),
  };
}

/** Learns detail and contrast relative to brightness while they are good. */
function createNormal(options: InferenceOptions['cameraBlocked']) {
  let detail = 0;
  let contrast = 0;
  let knownMs = 0;
  let blocked = false;
  let blockedMs = 0;
  let share: number | undefined;

  function learn(step: number, d: number, c: number): void {
    knownMs += step;
    // A running mean at first, then slow forgetting.
    const rate = knownMs > 0 ? Math.min(1, step / Math.min(knownMs, options.learnSeconds * 1000)) : 1;
    detail += rate * (d - detail);
    contrast += rate * (c - contrast);
  }

  return {
    get share() {
      return share;
    },
    collapsed(step: number, picture: PictureStats): boolean {
      const d = picture.detail / (picture.luma + LUMA_FLOOR);
      const c = picture.contrast / (picture.luma + LUMA_FLOOR);
      share = detail > 0 ? d / detail : undefined;
      const limit = blocked ? options.recover : options.collapse;
      const lost = detail > 0 && d < limit * detail && c < Math.sqrt(limit) * contrast;
      blocked = lost || (picture.detail < BLIND_DETAIL && picture.contrast < BLIND_CONTRAST);
      blockedMs = blocked ? blockedMs + step : 0;
      if (blockedMs > options.capSeconds * 1000) {
        blocked = false;
        knownMs = 0;
      }
      if (!blocked) learn(step, d, c);
      return blocked;
    },
  };
}

/** Pictures that differ for this long are live again, ms. */
const LIVE_MS = 1000;

/** Whether the picture has repeated itself without a break for `afterSeconds` or longer. */
function createRepeats(options: InferenceOptions['cameraFrozen']) {
  let since: number | undefined;
  let frames = 0;
  let liveSince: number | undefined;
  let frozen = false;

  return (ts: number, identical: boolean): boolean => {
    liveSince = identical ? undefined : (liveSince ?? ts);
    if (identical && since !== undefined) frames++;
    else [since, frames] = [ts, 0];
    // One frame a second at least, or the stretch proves nothing.
    if (ts - since >= options.afterSeconds * 1000 && frames >= options.afterSeconds) frozen = true;
    else if (liveSince !== undefined && ts - liveSince >= LIVE_MS) frozen = false;
    return frozen;
  };
}
