/** What a camera says its clock shows, and which picture that belongs to (RFC 3550 §6.4.1). */
export interface SenderReport {
  /** The camera's wall clock, epoch ms. */
  readonly ntpMs: number;
  readonly rtpTime: number;
  readonly packets: number;
  readonly octets: number;
}

const SENDER_REPORT = 200;
/** From 1900, where NTP begins to count, to 1970. */
const NTP_TO_EPOCH_SECONDS = 2_208_988_800;

/** The sender report of a compound RTCP packet, if it has one. */
export function readSenderReport(packet: Buffer): SenderReport | undefined {
  for (let at = 0; at + 8 <= packet.length; ) {
    const length = 4 * (packet.readUInt16BE(at + 2) + 1);
    if (packet[at + 1] === SENDER_REPORT && at + 28 <= packet.length) {
      const seconds = packet.readUInt32BE(at + 8);
      // A camera without a clock sends zeroes.
      if (seconds === 0) return undefined;
      return {
        ntpMs: (seconds - NTP_TO_EPOCH_SECONDS) * 1000 + (packet.readUInt32BE(at + 12) / 2 ** 32) * 1000,
        rtpTime: packet.readUInt32BE(at + 16),
        packets: packet.readUInt32BE(at + 20),
        octets: packet.readUInt32BE(at + 24),
      };
    }
    at += length;
  }
  return undefined;
}
