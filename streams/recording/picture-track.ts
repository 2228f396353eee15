import type { I420Picture } from '../../core/index.ts';

/** What is older than this is shown no more, ms: a frozen picture would pass for a living one. */
const SHOWN_MS = 3_000;
/** More than arrive before the first taking, when the size of the recording is still waited for. */
const MOST = 128;

/** One side's pictures on the recording's timeline, by when they arrived. */
export class PictureTrack {
  readonly #waiting: { readonly picture: I420Picture; readonly at: number }[] = [];

  /** @param at ms from the beginning; never goes back */
  put(picture: I420Picture, at: number): void {
    this.#waiting.push({ picture, at });
    if (this.#waiting.length > MOST) this.#waiting.shift();
  }

  /** What was seen at that moment, which never goes back either. */
  at(moment: number): I420Picture | undefined {
    while ((this.#waiting[1]?.at ?? Number.POSITIVE_INFINITY) <= moment) this.#waiting.shift();
    const first = this.#waiting[0];
    return first && first.at <= moment && moment - first.at <= SHOWN_MS ? first.picture : undefined;
  }
}
