/** How far a message may lag behind the promptest ones before it is either held up or the clock was set back, ms. */
const LATE_MS = 5000;
/** Lagging for so long without one prompt message, it is the clock, ms. */
const SETTLE_MS = 20_000;
/** No link holds messages up for so long: the clock was lost, ms. */
const LOST_MS = 24 * 3_600_000;
/** The promptest of the last one to two windows counts, so that a drifting clock is followed, ms. */
const WINDOW_MS = 300_000;

/**
 * Tells when something was said, from a clock that may be wrong. The offset between both clocks is the least lag seen
 * lately (the minimum filter of NTP, RFC 5905 §10): the promptest message is the least delayed one. A time is never later than its
 * arrival.
 */
export class ControllerClock {
  #least = Infinity;
  #leastBefore = Infinity;
  #windowAt = 0;
  #lateSince = Number.NaN;
  #leastLate = Infinity;
  /** Whether the last dated message made us believe that the controller's clock was set. */
  stepped = false;

  /** What has to be added to the controller's time, ms; undefined before its first. */
  get offset(): number | undefined {
    const offset = Math.min(this.#least, this.#leastBefore);
    return offset === Infinity ? undefined : offset;
  }

  /** When a message that bears `ts` was said, by our clock. */
  date(ts: number, receivedAt: number): number {
    const lag = receivedAt - ts;
    const known = this.offset ?? lag;
    this.stepped = false;
    if (lag - known <= LATE_MS) {
      this.#prompt(lag, receivedAt);
      return ts + Math.min(known, lag);
    }
    if (!this.#settled(lag, known, receivedAt)) return ts + known;
    this.stepped = true;
    this.#least = Math.min(lag, this.#leastLate);
    this.#leastBefore = Infinity;
    this.#windowAt = receivedAt;
    this.#forgetLate();
    return ts + this.#least;
  }

  #prompt(lag: number, receivedAt: number): void {
    if (receivedAt - this.#windowAt > WINDOW_MS) {
      this.#leastBefore = this.#least;
      this.#least = lag;
      this.#windowAt = receivedAt;
    } else this.#least = Math.min(this.#least, lag);
    this.#forgetLate();
  }

  /** Whether it lags because the clock was set back, rather than because the link held it up. */
  #settled(lag: number, known: number, receivedAt: number): boolean {
    if (lag - known >= LOST_MS) return true;
    if (Number.isNaN(this.#lateSince)) this.#lateSince = receivedAt;
    this.#leastLate = Math.min(this.#leastLate, lag);
    return receivedAt - this.#lateSince >= SETTLE_MS;
  }

  #forgetLate(): void {
    this.#lateSince = Number.NaN;
    this.#leastLate = Infinity;
  }
}
