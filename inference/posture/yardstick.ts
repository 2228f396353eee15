/** A body's measure as it is when seen in full. */
export interface Yardstick {
  readonly value: number | undefined;
  measure(ts: number, length: number): void;
}

/** The measure halves in this time, ms, unless it is seen again: people also walk away from the camera. */
const HALF_LIFE_MS = 30_000;
/** So many readings vote, so that one wild joint does not stretch it. */
const VOTES = 3;

/** The largest length seen lately: foreshortening only ever makes limbs look shorter. */
export function createYardstick(): Yardstick {
  const recent: number[] = [];
  let longest: number | undefined;
  let at = 0;
  return {
    get value() {
      return longest;
    },
    measure(ts, length) {
      recent.push(length);
      if (recent.length > VOTES) recent.shift();
      const steady = [...recent].sort((a, b) => a - b)[Math.floor((recent.length - 1) / 2)]!;
      const faded = longest === undefined ? 0 : longest * 0.5 ** ((ts - at) / HALF_LIFE_MS);
      longest = Math.max(steady, faded);
      at = ts;
    },
  };
}
