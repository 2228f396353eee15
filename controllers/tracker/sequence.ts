/** How many numbers back it is still known which came. */
const WINDOW = 31;
/** A message without a time that is overtaken comes within this, ms; later, a lower number is a restart's. */
const REORDER_MS = 10_000;

export type SequenceVerdict = 'newest' | 'late' | 'duplicate' | 'restart';

/** Which of a controller's numbered messages have come: the sliding window of RFC 4303 §3.4.3, and restarts. */
export class Sequence {
  #last = -1;
  #seen = 0;
  #newestAt = 0;

  /**
   * @param newer whether the message's own time is later than all before; undefined without a time
   */
  judge(seq: number, newer: boolean | undefined, receivedAt: number): SequenceVerdict {
    const behind = this.#last - seq;
    if (this.#last < 0 || behind < 0) {
      const shift = -behind;
      this.#seen = this.#last < 0 || shift > WINDOW ? 1 : ((this.#seen << shift) | 1) >>> 0;
      this.#last = seq;
      this.#newestAt = receivedAt;
      return 'newest';
    }
    if (behind === 0) return 'duplicate';
    const restarted = newer ?? (behind > WINDOW || receivedAt - this.#newestAt > REORDER_MS);
    if (restarted) {
      this.restart(seq, receivedAt);
      return 'restart';
    }
    if (behind > WINDOW) return 'late';
    const bit = (1 << behind) >>> 0;
    if ((this.#seen & bit) !== 0) return 'duplicate';
    this.#seen = (this.#seen | bit) >>> 0;
    return 'late';
  }

  /** The controller counts anew, from here. */
  restart(seq: number, receivedAt: number): void {
    this.#last = seq;
    this.#seen = 1;
    this.#newestAt = receivedAt;
  }
}
