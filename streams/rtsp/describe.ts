import { CameraFaultError } from '../camera/fault.ts';
import type { CameraAddress } from './address.ts';
import { RtspClient, type RtspClientOptions } from './rtsp-client.ts';
import { parseSdp, type SdpMedia } from './sdp.ts';

export interface RtspDescription {
  readonly media: readonly SdpMedia[];
  readonly video: SdpMedia;
  readonly audio: SdpMedia | undefined;
  /** What the camera calls its server program. */
  readonly server: string | undefined;
  /** The address the streams' `control` is relative to. */
  readonly base: string | undefined;
}

/**
 * Asks a camera what it has. One connection, closed again.
 * @throws CameraFaultError refused, no-route, unknown-host, timeout, unauthorized, not-found, no-video, unsupported
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
  const { status, reason, headers, body } = await client.request('DESCRIBE', { Accept: 'application/sdp' });
  if (status === 404 || status === 454) {
    throw new CameraFaultError('not-found', `${address.safe} has no such stream`);
  }
  if (status === 403)
    throw new CameraFaultError('unauthorized', `${address.safe} forbids this user the stream`);
  if (status !== 200) {
    throw new CameraFaultError('unsupported', `${address.safe} answers ${status} ${reason}`.trim());
  }
  const media = parseSdp(body);
  const video = media.find((m) => m.kind === 'video');
  if (!video) throw new CameraFaultError('no-video', `${address.safe} offers no video`);
  return {
    media,
    video,
    audio: media.find((m) => m.kind === 'audio'),
    server: headers.server?.[0],
    base: headers['content-base']?.[0] ?? headers['content-location']?.[0],
  };
}
