import { type Clock, systemClock } from '../../core/index.ts';
import type { CameraAddress } from '../rtsp/address.ts';
import { describeWith, trackUri } from '../rtsp/describe.ts';
import { RtspClient } from '../rtsp/rtsp-client.ts';
import { readSenderReport } from './rtcp.ts';

const WAIT_MS = 8000;

/**
 * How far the camera's clock is ahead of ours, ms (negative: behind), from the first RTCP sender report of its video;
 * undefined when it sends none within `waitMs`, or none with a wall-clock time. Good to about the network's delay.
 * @throws CameraFaultError when the camera cannot be asked
 */
export async function cameraClockOffset(
  address: CameraAddress,
  options: { readonly waitMs?: number; readonly signal?: AbortSignal; readonly clock?: Clock } = {},
): Promise<number | undefined> {
  const { waitMs = WAIT_MS, signal, clock = systemClock } = options;
  let found: (offset: number | undefined) => void = () => {};
  const offset = new Promise<number | undefined>((resolve) => {
    found = resolve;
  });
  const client = await RtspClient.connect(address, {
    ...(signal && { signal }),
    onInterleaved: (channel, packet) => {
      if (channel !== 1) return;
      const report = readSenderReport(packet);
      if (report) found(report.ntpMs - clock.now());
    },
  });
  const timer = setTimeout(() => found(undefined), waitMs);
  try {
    const { video, base } = await describeWith(client, address);
    const session = await setUp(client, video.control ?? '', base);
    if (session === undefined) return undefined;
    await client.request('PLAY', { Session: session, Range: 'npt=0.000-' });
    const result = await offset;
    await client.request('TEARDOWN', { Session: session }).catch(() => {});
    return result;
  } finally {
    clearTimeout(timer);
    client.close();
  }
}

/** Asks for the stream over this very connection; gives the session's name. */
async function setUp(client: RtspClient, control: string, base: string): Promise<string | undefined> {
  const { status, headers } = await client.request(
    'SETUP',
    { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' },
    trackUri(control, base),
  );
  return status === 200 ? headers.session?.[0]?.split(';')[0] : undefined;
}
