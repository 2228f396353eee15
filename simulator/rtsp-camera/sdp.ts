import type { Clip } from './clip.ts';
import { PAYLOAD_TYPE } from './rtp.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The session description of a camera with one video track (RFC 8866, RFC 6184 §8.2, RFC 7798 §7.1). */
export function describe(clip: Clip, name: string): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    `s=${name}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} ${clip.codec.toUpperCase()}/90000`,
    `a=fmtp:${PAYLOAD_TYPE} ${clip.codec === 'h264' ? h264Format(clip) : h265Format(clip)}`,
    `a=framerate:${clip.fps.toFixed(2)}`,
    'a=control:trackID=0',
    '',
  ].join('\r\n');
}

function h264Format(clip: Clip): string {
  const sps = clip.parameterSets[0] as Uint8Array;
  const profile = Buffer.from(sps.subarray(1, 4)).toString('hex').toUpperCase();
  return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${clip.parameterSets.map(base64).join(',')}`;
}

function h265Format(clip: Clip): string {
  const names: Record<number, string> = { 32: 'sprop-vps', 33: 'sprop-sps', 34: 'sprop-pps' };
  return clip.parameterSets.map((p) => `${names[((p[0] ?? 0) >> 1) & 0x3f]}=${base64(p)}`).join(';');
}
