import type { VideoCodec } from './clip.ts';

/** Payload bytes of one RTP packet: fits an Ethernet frame with IP, UDP and RTP headers, as cameras send. */
const MAX_PAYLOAD = 1400;
const HEADER = 12;
export const PAYLOAD_TYPE = 96;

/** Turns pictures into RTP packets: single NAL unit and fragmentation unit packets (RFC 6184, RFC 7798). */
export class RtpPacketizer {
  readonly ssrc: number;
  readonly #codec: VideoCodec;
  #sequence: number;
  #packets = 0;
  #octets = 0;

  constructor(codec: VideoCodec, ssrc: number, firstSequence: number) {
    this.#codec = codec;
    this.ssrc = ssrc >>> 0;
    this.#sequence = firstSequence & 0xffff;
  }

  /** Sent so far, for the sender reports. */
  get sent(): { packets: number; octets: number } {
    return { packets: this.#packets, octets: this.#octets };
  }

  /** @param timestamp 90 kHz presentation time; its low 32 bits are sent */
  packets(nals: readonly Uint8Array[], timestamp: number): Buffer[] {
    const out: Buffer[] = [];
    nals.forEach((nal, i) => {
      const last = i === nals.length - 1;
      if (nal.length <= MAX_PAYLOAD) {
        const packet = this.#packet(nal.length, timestamp, last);
        packet.set(nal, HEADER);
        out.push(packet);
      } else this.#fragments(nal, timestamp, last, out);
    });
    return out;
  }

  #fragments(nal: Uint8Array, timestamp: number, last: boolean, out: Buffer[]): void {
    const h265 = this.#codec === 'h265';
    const nalHeader = h265 ? 2 : 1;
    const fuHeader = nalHeader + 1;
    const room = MAX_PAYLOAD - fuHeader;
    const first = nal[0] as number;
    for (let at = nalHeader; at < nal.length; at += room) {
      const end = Math.min(at + room, nal.length);
      const start = at === nalHeader;
      const finish = end === nal.length;
      const packet = this.#packet(fuHeader + end - at, timestamp, last && finish);
      const flags = (start ? 0x80 : 0) | (finish ? 0x40 : 0);
      if (h265) {
        packet[HEADER] = (first & 0x81) | (49 << 1);
        packet[HEADER + 1] = nal[1] as number;
        packet[HEADER + 2] = flags | ((first >> 1) & 0x3f);
      } else {
        packet[HEADER] = (first & 0xe0) | 28;
        packet[HEADER + 1] = flags | (first & 0x1f);
      }
      packet.set(nal.subarray(at, end), HEADER + fuHeader);
      out.push(packet);
    }
  }

  #packet(payload: number, timestamp: number, marker: boolean): Buffer {
    const packet = Buffer.allocUnsafe(HEADER + payload);
    packet[0] = 0x80;
    packet[1] = (marker ? 0x80 : 0) | PAYLOAD_TYPE;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp % 2 ** 32, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets++;
    this.#octets += payload;
    return packet;
  }
}
