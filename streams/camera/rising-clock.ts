import type { Clock } from '../../core/index.ts';

/**
 * Wall-clock time that never goes back. When the machine's clock is set back, this one runs at half speed until
 * the other has caught up; when it is set forward, this one follows at once.
 */
export class RisingClock implements Clock {
  readonly #wall: Clock;
  readonly #steady: Clock;
  #last: number;
  #steadyAtLast: number;

  /** @param steady a clock that is never set, such as `performance.now()` */
  constructor(wall: Clock, steady: Clock) {
    this.#wall = wall;
    this.#steady = steady;
    this.#last = wall.now();
    this.#steadyAtLast = steady.now();
  }

  now(): number {
    const steady = this.#steady.now();
    const slow = this.#last + (steady - this.#steadyAtLast) / 2;
    this.#last = Math.max(slow, this.#wall.now());
    this.#steadyAtLast = steady;
    return this.#last;
  }
}

/** Milliseconds since the process began; unaffected by changes of the machine's time. */
export const steadyClock: Clock = Object.freeze({ now: () => performance.now() });
