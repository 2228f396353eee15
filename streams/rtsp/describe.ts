import { CameraFaultError } from '../camera/fault.ts';
import type { CameraAddress } from './address.ts';
import type { RtspResponse } from './message-parser.ts';
import { RtspClient, type RtspClientOptions } from './rtsp-client.ts';
import { parseSdp, type SdpMedia } from './sdp.ts';

export interface RtspDescription {
  readonly media: readonly SdpMedia[];
  readonly video: SdpMedia;
  readonly audio: SdpMedia | undefined;
  /** What the camera calls its server program. */
  readonly server: string | undefined;
  /** The address the streams' `control` is relative to. */
  readonly base: string;
}

/**
 * Asks a camera what it has. One connection, closed again.
 * @throws CameraFaultError refused, no-route, unknown-host, timeout, unauthorized, not-found, no-video, busy, unsupported
 */
export async function describeCamera(
  address: CameraAddress,
  options: RtspClientOptions = {},
): Promise<RtspDescription> {
  const client = await RtspClient.connect(address, options);
  try {
    return await describeWith(client, address);
  } finally {
    client.close();
  }
}

export async function describeWith(client: RtspClient, address: CameraAddress): Promise<RtspDescription> {
  const response = await client.request('DESCRIBE', { Accept: 'application/sdp' });
  checkDescribed(response, address);
  const { headers, body } = response;
  const media = parseSdp(body);
  const video = media.find((m) => m.kind === 'video');
  if (!video) throw new CameraFaultError('no-video', `${address.safe} offers no video`);
  return {
    media,
    video,
    // Some cameras show their loudspeaker to everybody.
    audio: media.find((m) => m.kind === 'audio' && m.direction !== 'sendonly'),
    server: headers.server?.[0],
    base: baseOf(response, client),
  };
}

/** How cameras answer one viewer too many, or before they have started (RFC 2326 §7.1.1). */
const BUSY: ReadonlySet<number> = new Set([453, 500, 503]);

/** @throws CameraFaultError not-found, unauthorized, busy, unsupported for a camera that does not describe its stream */
export function checkDescribed({ status, reason }: RtspResponse, address: CameraAddress): void {
  if (status === 404 || status === 454) {
    throw new CameraFaultError('not-found', `${address.safe} has no such stream`);
  }
  if (status === 403)
    throw new CameraFaultError('unauthorized', `${address.safe} forbids this user the stream`);
  if (BUSY.has(status)) {
    const why = 'it has too many viewers, or is still starting';
    throw new CameraFaultError('busy', `${address.safe} answers ${status} ${reason}: ${why}`);
  }
  if (status !== 200) {
    throw new CameraFaultError('unsupported', `${address.safe} answers ${status} ${reason}`.trim());
  }
}

/** The address the streams' `control` is relative to. */
export const baseOf = ({ headers }: RtspResponse, { uri }: RtspClient): string =>
  headers['content-base']?.[0] ?? headers['content-location']?.[0] ?? uri;

/** Where a stream is set up (RFC 2326 §C.1.1). */
export function trackUri(control: string, base: string): string {
  if (/^rtsps?:/.test(control)) return control;
  return control === '' || control === '*' ? base : `${base.replace(/\/?$/, '/')}${control}`;
}
