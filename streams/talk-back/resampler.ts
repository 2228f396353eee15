/** Least damping of what would come back as another tone, dB; a telephone's own noise is at about -38 dB. */
const REJECTION_DB = 60;
/** Kaiser's window for it (Kaiser & Schafer 1980: 0.1102 (A - 8.7)). */
const BETA = 0.1102 * (REJECTION_DB - 8.7);
/** Passes to 0.425 of the lower rate (3.4 kHz of 8: the telephone's band) and is shut at half of it. */
const CENTRE = 0.4625;
const TRANSITION = 0.075;

/**
 * Sound at another rate, through a low-pass filter in as many phases as the two rates need. Keeps what it needs of the past: the
 * pieces of one sound go through one resampler, in order. Delay: half the filter, 3 ms from 48 to 8 kHz.
 */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  /** Taps on either side. */
  readonly #half: number;
  readonly #phases: readonly Float32Array[];
  /** What has come and is still needed; begins with silence. */
  #held: Float32Array;
  /** Where the next sample is taken, in `held`, in units of 1/up. */
  #at: number;

  /** @param from @param to samples per second */
  constructor(from: number, to: number) {
    const divisor = gcd(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    const lower = Math.min(from, to);
    const width = (2 * Math.PI * TRANSITION * lower) / from;
    this.#half = from === to ? 1 : Math.ceil((REJECTION_DB - 8) / (2.285 * width) / 2);
    const cutoff = from === to ? 1 : (2 * CENTRE * lower) / from;
    this.#phases = Array.from({ length: this.#up }, (_, phase) => taps(phase / this.#up, this.#half, cutoff));
    this.#held = new Float32Array(this.#half);
    this.#at = this.#half * this.#up;
  }

  push(samples: Int16Array): Int16Array {
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    const end = (held.length - this.#half) * this.#up;
    const out = new Int16Array(Math.max(0, Math.ceil((end - this.#at) / this.#down)));
    for (let n = 0; n < out.length; n += 1, this.#at += this.#down) {
      const whole = Math.floor(this.#at / this.#up);
      const phase = this.#phases[this.#at - whole * this.#up] as Float32Array;
      const first = whole - this.#half + 1;
      let sum = 0;
      for (let k = 0; k < phase.length; k += 1) sum += (phase[k] as number) * (held[first + k] as number);
      out[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
    const done = Math.max(0, Math.floor(this.#at / this.#up) - this.#half + 1);
    this.#held = held.slice(done);
    this.#at -= done * this.#up;
    return out;
  }
}

/** The windowed sinc as seen from `offset` (0–1) behind a sample; its sum is 1, so that silence and loudness stay what they are. */
function taps(offset: number, half: number, cutoff: number): Float32Array {
  const weights = Array.from({ length: 2 * half }, (_, k) => {
    const x = k - half + 1 - offset;
    const window = bessel(BETA * Math.sqrt(Math.max(0, 1 - (x / half) ** 2))) / bessel(BETA);
    return cutoff * sinc(cutoff * x) * window;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
