/**
 * Reads along in a stream of MQTT packets, only to see how long each says it is: the parser itself would gather up to 256 MB
 * of one packet, even before its sender has signed in.
 */
export class PacketGuard {
  readonly #maxBytes: number;
  /** Bytes of the packet's body still to come; undefined while its header is read. */
  #body: number | undefined;
  #length = 0;
  #digits = -1;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** False once a packet says that it is longer than it may be, or says no length at all. */
  admits(chunk: Uint8Array): boolean {
    for (let i = 0; i < chunk.length; ) {
      if (this.#body !== undefined) {
        const here = Math.min(this.#body, chunk.length - i);
        i += here;
        this.#body -= here;
        if (this.#body === 0) this.#body = undefined;
        continue;
      }
      const byte = chunk[i++] as number;
      if (this.#digits < 0) {
        this.#digits = 0;
        continue;
      }
      // MQTT 3.1.1 §2.2.3: seven bits a byte, least first; the eighth says that more follow.
      this.#length += (byte & 0x7f) * 128 ** this.#digits++;
      if (this.#length > this.#maxBytes || this.#digits > 4) return false;
      if ((byte & 0x80) !== 0) continue;
      this.#body = this.#length > 0 ? this.#length : undefined;
      this.#length = 0;
      this.#digits = -1;
    }
    return true;
  }
}
