import type { CabinMedia, Logger, PcmChunk } from '../../core/index.ts';
import type { loadWrtc } from './load-wrtc.ts';
import type { MediaTrack } from './platform.ts';
import { TenMs } from './sound-source.ts';

type Wrtc = Awaited<ReturnType<typeof loadWrtc>>;

/**
 * A camera's picture and sound as WebRTC tracks. Stopping a track ends the reading of its source.
 * @param through what becomes of the sound on its way
 */
export function cabinTracks(
  { nonstandard }: Wrtc,
  media: CabinMedia,
  through: (chunk: PcmChunk) => PcmChunk,
  logger: Logger,
): { readonly video: MediaTrack; readonly audio: MediaTrack | undefined } {
  const pictures = new nonstandard.RTCVideoSource();
  const video = readInto(
    pictures.createTrack() as MediaTrack,
    (signal) => media.video(signal),
    ({ width, height, data }) => pictures.onFrame({ width, height, data }),
    logger,
  );
  if (!media.audio) return { video, audio: undefined };
  const sound = new nonstandard.RTCAudioSource();
  const cutter = new TenMs();
  const audio = readInto(
    sound.createTrack() as MediaTrack,
    (signal) => media.audio!(signal),
    (chunk) => {
      for (const { samples, sampleRate, channels } of cutter.push(through(chunk)))
        sound.onData({ samples, sampleRate, channelCount: channels, bitsPerSample: 16 });
    },
    logger,
  );
  return { video, audio };
}

function readInto<T>(
  track: MediaTrack,
  read: (signal: AbortSignal) => AsyncIterable<T>,
  put: (item: T) => void,
  logger: Logger,
): MediaTrack {
  const reading = new AbortController();
  const stop = track.stop.bind(track);
  // wrtc's method is read-only for assignments.
  Object.defineProperty(track, 'stop', {
    value: () => {
      reading.abort();
      stop();
    },
  });
  void (async () => {
    for await (const item of read(reading.signal)) {
      if (reading.signal.aborted) return;
      put(item);
    }
  })().catch((error: unknown) => {
    if (!reading.signal.aborted)
      logger.warn({ err: error, kind: track.kind }, 'a call has lost the camera it shows');
  });
  return track;
}
