import { type AccessUnit, type Clip, VIDEO_CLOCK } from './clip.ts';

/** A picture with the moment it is due and its presentation time, both in 90 kHz ticks since the start. */
export interface Due {
  readonly unit: AccessUnit;
  readonly at: number;
  readonly pts: number;
}

/**
 * A clip played round and round on a clock that only rises. Pure: `next()` says what comes when; whoever
 * holds it owns the timers.
 */
export class Playback {
  readonly #clip: Clip;
  readonly #loop: boolean;
  #index = 0;
  #clock = 0;
  #speed = 1;
  #frozen: AccessUnit | undefined;
  #lastPts = 0;
  /** Whole rounds finished. */
  rounds = 0;

  constructor(clip: Clip, loop: boolean) {
    this.#clip = clip;
    this.#loop = loop;
  }

  /** Pictures per second relative to the clip's; timestamps keep to the wall clock, as in a camera that sends too much or too little. */
  set speed(factor: number) {
    this.#speed = factor;
  }

  /** Repeats the current key picture until released, then goes on at the next key picture. */
  set frozen(on: boolean) {
    if (on === (this.#frozen !== undefined)) return;
    const at = this.#keyAt(this.#index, on ? -1 : 1);
    const key = this.#clip.units[at] as AccessUnit;
    if (on) this.#frozen = key;
    else {
      this.#frozen = undefined;
      this.#index = at;
    }
    // B-frames that were under way: the next picture comes after all of them.
    this.#clock = Math.max(this.#clock, this.#lastPts + key.duration - key.offset);
  }

  /** After a pause the clock goes on from `ticks`, rather than catching up. */
  resumeAt(ticks: number): void {
    this.#clock = Math.max(this.#clock, ticks);
  }

  /** Undefined once a clip that does not loop is over. */
  next(): Due | undefined {
    const { units } = this.#clip;
    if (this.#index >= units.length) {
      this.rounds++;
      if (!this.#loop) return undefined;
      this.#index = 0;
    }
    const unit = this.#frozen ?? (units[this.#index] as AccessUnit);
    const at = Math.round(this.#clock);
    const due = { unit, at, pts: at + Math.round(unit.offset / this.#speed) };
    this.#lastPts = Math.max(this.#lastPts, due.pts);
    this.#clock += unit.duration / this.#speed;
    if (!this.#frozen) this.#index++;
    return due;
  }

  #keyAt(from: number, step: 1 | -1): number {
    const { units } = this.#clip;
    for (let i = 0; i < units.length; i++) {
      const at = (((from + i * step) % units.length) + units.length) % units.length;
      if (units[at]?.key) return at;
    }
    return 0;
  }
}

export const ticksToMs = (ticks: number): number => (ticks * 1000) / VIDEO_CLOCK;
export const msToTicks = (ms: number): number => (ms * VIDEO_CLOCK) / 1000;
