/** Seconds from 1900 (NTP) to 1970 (Unix), RFC 5905. */
const NTP_EPOCH = 2_208_988_800;

export interface SenderReport {
  readonly ssrc: number;
  /** Epoch ms at which a picture with `timestamp` is shown. */
  readonly now: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** A compound RTCP packet: sender report and the canonical name (RFC 3550 §6.4.1, §6.5). */
export function senderReport(report: SenderReport): Buffer {
  const sr = Buffer.alloc(28);
  sr[0] = 0x80;
  sr[1] = 200;
  sr.writeUInt16BE(6, 2);
  sr.writeUInt32BE(report.ssrc, 4);
  sr.writeUInt32BE((Math.floor(report.now / 1000) + NTP_EPOCH) % 2 ** 32, 8);
  sr.writeUInt32BE(Math.floor(((report.now % 1000) / 1000) * 2 ** 32), 12);
  sr.writeUInt32BE(report.timestamp % 2 ** 32, 16);
  sr.writeUInt32BE(report.packets % 2 ** 32, 20);
  sr.writeUInt32BE(report.octets % 2 ** 32, 24);
  return Buffer.concat([sr, sourceDescription(report.ssrc)]);
}

/** RTCP goodbye: the source ends (RFC 3550 §6.6). */
export function goodbye(ssrc: number): Buffer {
  const bye = Buffer.alloc(8);
  bye[0] = 0x81;
  bye[1] = 203;
  bye.writeUInt16BE(1, 2);
  bye.writeUInt32BE(ssrc, 4);
  return bye;
}

function sourceDescription(ssrc: number): Buffer {
  const name = Buffer.from('camera');
  // SSRC, item type, length, text, then at least one zero up to a multiple of four.
  const body = Math.ceil((4 + 2 + name.length + 1) / 4) * 4;
  const sdes = Buffer.alloc(4 + body);
  sdes[0] = 0x81;
  sdes[1] = 202;
  sdes.writeUInt16BE(body / 4, 2);
  sdes.writeUInt32BE(ssrc, 4);
  sdes[8] = 1;
  sdes[9] = name.length;
  name.copy(sdes, 10);
  return sdes;
}
