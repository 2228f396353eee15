/** Length of a packet, ms: what RFC 3551 has for G.711, and what cameras expect. */
export const PACKET_MS = 20;
/** Held back before speech begins, so that small delays are not heard, ms. */
const CUSHION_MS = 40;
/** More than this is behind the times: the oldest goes, ms. */
const MOST_MS = 200;

export interface Packet {
  /** In samples since the beginning, whether they were sent or not. */
  readonly timestamp: number;
  readonly samples: Int16Array;
  /** The first one, and the first after a gap in time. */
  readonly marker: boolean;
}

/**
 * Cuts speech into packets that are due by the clock, one every 20 ms from the first, without drift. Where there is no speech there is
 * silence: cameras that get nothing for a while close their loudspeaker, and click when it comes back. Reads no clock.
 */
export class Pacer {
  readonly #rate: number;
  readonly #size: number;
  #waiting = new Int16Array(0);
  #speaking = false;
  #startedAt: number | undefined;
  #count = 0;
  #marker = true;

  /** @param rate samples per second */
  constructor(rate: number) {
    this.#rate = rate;
    this.#size = (rate * PACKET_MS) / 1000;
  }

  /** When the next packet is due; any time is right for the first. */
  get nextAt(): number {
    return (this.#startedAt ?? 0) + this.#count * PACKET_MS;
  }

  push(samples: Int16Array): void {
    const joined = new Int16Array(this.#waiting.length + samples.length);
    joined.set(this.#waiting);
    joined.set(samples, this.#waiting.length);
    const tooMany = joined.length > this.#samples(MOST_MS);
    this.#waiting = tooMany ? joined.slice(-this.#samples(CUSHION_MS)) : joined;
  }

  /** @param now ms of a clock that never goes back */
  due(now: number): Packet[] {
    this.#startedAt ??= now;
    // A process that slept says nothing of what is past, rather than all of it at once.
    if (now - this.nextAt > MOST_MS) {
      this.#count = Math.floor((now - this.#startedAt) / PACKET_MS);
      this.#marker = true;
    }
    const packets: Packet[] = [];
    for (; this.nextAt <= now; this.#count += 1) {
      packets.push({ timestamp: this.#count * this.#size, samples: this.#take(), marker: this.#marker });
      this.#marker = false;
    }
    return packets;
  }

  #take(): Int16Array {
    const enough = this.#speaking ? this.#size : this.#samples(CUSHION_MS);
    this.#speaking = this.#waiting.length >= enough;
    if (!this.#speaking) return new Int16Array(this.#size);
    const samples = this.#waiting.slice(0, this.#size);
    this.#waiting = this.#waiting.slice(this.#size);
    return samples;
  }

  #samples(ms: number): number {
    return (this.#rate * ms) / 1000;
  }
}
