/** Seeded random numbers: the same seed gives the same traffic on every machine. */
export interface Random {
  /** From `low` up to, but not including, `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  chance(share: number): boolean;
  /** With this mean, and nothing remembered of the past. */
  exponential(mean: number): number;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for traffic. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => Math.floor(low + (high - low + 1) * next()),
    chance: (share) => next() < share,
    exponential: (mean) => -mean * Math.log(1 - next()),
  };
}

/** A seed of its own for one of many lifts, so that one more lift does not change the others. */
export const seedOf = (seed: number, index: number, purpose: number): number =>
  (Math.imul(seed + 1, 0x9e3779b1) ^
    Math.imul(index + 1, 0x85ebca6b) ^
    Math.imul(purpose + 1, 0xc2b2ae35)) >>>
  0;
