import { createCallClient } from '../../console/index.ts';
import { loadWrtc, type MediaTrack, type PeerConnection } from '../../signaling/index.ts';
import { openSocket } from './open-socket.ts';

/** An operator who speaks all the time, in a process of their own. Told `call`, says after how many ms the first picture was there. */
const [url = '', token = ''] = process.argv.slice(2);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const wrtc = await loadWrtc();

const client = createCallClient(
  { url, token: async () => token },
  {
    platform: {
      openSocket,
      createConnection: (configuration) =>
        new wrtc.RTCPeerConnection(configuration) as unknown as PeerConnection,
    },
    openMedia: async () => ({ audio: openMicrophone() }),
  },
);
let ended = (): void => {};
client.on('call', ({ state }) => state === 'ended' && ended());
const stats = async () => [...(await client.stats()).values()][0];

process.on('message', async (order: 'call' | 'stats' | 'hang-up') => {
  if (order === 'call') {
    while (!client.start()) await pause(20);
    const from = performance.now();
    while (((await stats())?.framesDecoded ?? 0) === 0) await pause(10);
    process.send?.(performance.now() - from);
  } else if (order === 'stats') {
    process.send?.({ heard: client.call?.heard, ...(await stats()) });
  } else {
    await new Promise<void>((resolve) => {
      ended = resolve;
      client.hangUp();
    });
    process.send?.('ended');
  }
});

/** A voice as far as loudness goes: a second of noise, a second of silence. */
function openMicrophone(): MediaTrack {
  const source = new wrtc.nonstandard.RTCAudioSource();
  const track = source.createTrack() as MediaTrack;
  const start = performance.now();
  let n = 0;
  const timer = setInterval(() => {
    for (; n * 10 < performance.now() - start; n += 1) {
      const loud = n % 200 < 100 ? 8000 : 0;
      const samples = Int16Array.from({ length: 480 }, () => loud * (2 * Math.random() - 1));
      source.onData({ samples, sampleRate: 48_000, channelCount: 1, bitsPerSample: 16 });
    }
  }, 10);
  const stop = track.stop.bind(track);
  Object.defineProperty(track, 'stop', {
    value: () => {
      clearInterval(timer);
      stop();
    },
  });
  return track;
}
