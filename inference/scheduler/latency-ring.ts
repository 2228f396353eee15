export interface Latency {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

export interface LatencyRing {
  push(ms: number): void;
  /** Percentiles of what is held, ms; undefined before the first. Sorts, so ask seldom. */
  read(): Latency;
}

/** Keeps the last `size` latencies, so that figures follow the present and memory stays flat. */
export function createLatencyRing(size = 256): LatencyRing {
  const held = new Float64Array(size);
  let count = 0;
  return {
    push(ms) {
      held[count++ % size] = ms;
    },
    read() {
      const sorted = held.slice(0, Math.min(count, size)).sort();
      const at = (share: number): number | undefined =>
        sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
      return { p50: at(0.5), p95: at(0.95) };
    },
  };
}
