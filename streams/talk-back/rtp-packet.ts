export interface RtpStream {
  readonly payloadType: number;
  readonly ssrc: number;
}

const HEADER = 12;

/**
 * One RTP packet (RFC 3550 §5.1).
 * @param sequence @param timestamp wrapped around here
 */
export function rtpPacket(
  { payloadType, ssrc }: RtpStream,
  sequence: number,
  timestamp: number,
  marker: boolean,
  payload: Uint8Array,
): Buffer {
  const packet = Buffer.alloc(HEADER + payload.length);
  packet[0] = 0x80;
  packet[1] = (marker ? 0x80 : 0) | payloadType;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc >>> 0, 8);
  packet.set(payload, HEADER);
  return packet;
}
