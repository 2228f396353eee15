import { CameraFaultError, faultOfMessages } from '../camera/fault.ts';
import { originOfUrl } from '../camera/origin.ts';
import type { AudioInfo } from '../ffmpeg/media-info.ts';
import { probe } from '../ffmpeg/probe.ts';
import { parseAddress } from '../rtsp/address.ts';
import { askBackchannel } from '../talk-back/backchannel-session.ts';
import type { BackchannelOffer } from '../talk-back/choose-backchannel.ts';
import { cameraClockOffset } from './camera-clock.ts';
import { measureStream } from './measure-stream.ts';

export interface InspectOptions {
  readonly transport?: 'tcp' | 'udp';
  /** How long to measure, ms. Default 6000; key frames further apart than half of that go unmeasured. */
  readonly measureMs?: number;
  readonly signal?: AbortSignal;
}

/** What there is to know about a camera before it is relied on. */
export interface CameraReport {
  /** The address without secrets. */
  readonly where: string;
  readonly codec: string;
  readonly profile: string | undefined;
  readonly width: number;
  readonly height: number;
  /** Pictures per second as the camera says, and as counted. */
  readonly fpsNominal: number | undefined;
  readonly fpsMeasured: number;
  /** Undefined: fewer than two key frames came while measuring. */
  readonly keyFrameIntervalMs: number | undefined;
  readonly bFrames: boolean;
  readonly bitsPerSecond: number;
  readonly audio: AudioInfo | undefined;
  /** Its loudspeaker; undefined: it could not be asked. */
  readonly talkback: BackchannelOffer | undefined;
  /** How far the camera's clock is ahead of ours, ms; undefined: it does not say. */
  readonly clockOffsetMs: number | undefined;
  /** From the first question to knowing what is sent, ms. */
  readonly answeredAfterMs: number;
}

/**
 * Asks, probes and measures a camera, one connection after the other since many cameras allow but few.
 * @throws CabinwatchError CONFIG_INVALID for an address that is none
 * @throws CameraFaultError for a camera that cannot be reached, opened or decoded
 */
export async function inspectCamera(url: string, options: InspectOptions = {}): Promise<CameraReport> {
  const { transport = 'tcp', measureMs = 6000, signal = new AbortController().signal } = options;
  const origin = originOfUrl(url, transport);
  const { where, redact } = origin;
  const start = performance.now();
  const { input, description } = await origin.open({ signal, failures: 2, barren: 3, audio: true });
  const { info, messages, timedOut } = await probe(input, { redact, timeoutMs: 25_000, signal });
  const answeredAfterMs = performance.now() - start;
  signal.throwIfAborted();
  if (timedOut) throw new CameraFaultError('timeout', `${where} answers but sends no picture`);
  if (!info) throw faultOfMessages(messages, where);
  if (!info.video) throw new CameraFaultError('no-video', `${where} sends no picture`);
  const measures = await measureStream(input, { where, redact, measureMs, signal });
  const address = url.startsWith('rtsp') ? parseAddress(url) : undefined;
  const clockOffsetMs = address && (await cameraClockOffset(address, { signal }).catch(() => undefined));
  const talkback = address && (await askBackchannel(address, { signal }).catch(() => undefined));
  return {
    where,
    codec: info.video.codec,
    profile: info.video.profile,
    width: info.video.width,
    height: info.video.height,
    fpsNominal: description?.fps ?? info.video.fps,
    fpsMeasured: measures.fps,
    keyFrameIntervalMs: measures.keyFrameIntervalMs,
    bFrames: info.video.bFrames > 0,
    bitsPerSecond: measures.bitsPerSecond,
    audio: info.audio,
    talkback,
    clockOffsetMs,
    answeredAfterMs,
  };
}
