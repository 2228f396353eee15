import { BoundedQueue, type PcmChunk } from '../../core/index.ts';
import type { loadWrtc } from './load-wrtc.ts';
import type { MediaTrack } from './platform.ts';

type Wrtc = Awaited<ReturnType<typeof loadWrtc>>;

/** Half a second: what a loudspeaker that can't keep up is behind at most. */
const MOST_CHUNKS = 50;

/** What an operator says, in pieces of 10 ms, until the signal aborts; a slow reader loses the oldest. */
export async function* operatorSound(
  { nonstandard }: Wrtc,
  track: MediaTrack,
  signal: AbortSignal,
): AsyncGenerator<PcmChunk> {
  const queue = new BoundedQueue<PcmChunk>({ capacity: MOST_CHUNKS, onDrop: () => {} });
  const sink = new nonstandard.RTCAudioSink(track as never);
  sink.ondata = ({ samples, sampleRate, channelCount }: SinkData) =>
    queue.push({ samples: samples.slice(), sampleRate, channels: channelCount });
  const end = (): void => queue.close('discard');
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    yield* queue;
  } finally {
    signal.removeEventListener('abort', end);
    sink.stop();
  }
}

interface SinkData {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channelCount: number;
}
