import { FloodGuard, type FloodLimits } from './flood-guard.ts';

/** How long a camera that floods is looked at by key frames alone, ms; doubled each time it does it again. */
const FIRST_GUARD_MS = 60_000;
const LONGEST_GUARD_MS = 600_000;

export type FloodVerdict =
  | 'fine'
  /** It floods: connect again and look at key frames only. */
  | 'guard'
  /** Even so it floods: leave it alone for the rest of the time. */
  | 'leave'
  /** The time is over: connect again as usual. */
  | 'retry';

/** What to do about a camera that floods. Reads no clock: times are arguments, ms. */
export class FloodControl {
  readonly #guard = new FloodGuard();
  #until = 0;
  #guardMs = FIRST_GUARD_MS;

  /** Whether to look at key frames only. */
  guarded(time: number): boolean {
    return time < this.#until;
  }

  /** How long to leave the camera alone, ms. */
  remaining(time: number): number {
    return Math.max(0, this.#until - time);
  }

  /** A new connection: what the old one measured says nothing about it. */
  restart(): void {
    this.#guard.reset();
  }

  /** Call once a second. `connectedGuarded`: how the connection was made that is measured. */
  sample(
    fps: number,
    bytes: number,
    limits: FloodLimits,
    time: number,
    connectedGuarded: boolean,
  ): FloodVerdict {
    if (connectedGuarded && !this.guarded(time)) return 'retry';
    if (!this.#guard.push(fps, bytes, limits)) {
      // As long without a flood as the last guard took, and it starts again with the short one.
      if (!connectedGuarded && time - this.#until > this.#guardMs) this.#guardMs = FIRST_GUARD_MS;
      return 'fine';
    }
    if (connectedGuarded) return 'leave';
    this.#until = time + this.#guardMs;
    this.#guardMs = Math.min(LONGEST_GUARD_MS, this.#guardMs * 2);
    return 'guard';
  }
}
