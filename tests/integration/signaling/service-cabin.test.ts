import { afterAll, afterEach, expect, it } from 'vitest';
import {
  type CallClient,
  type CallView,
  createCabinClient,
  createCallClient,
} from '../../../console/index.ts';
import { type I420Picture, type PcmChunk, silentLogger } from '../../../core/index.ts';
import {
  createServiceCabin,
  loadWrtc,
  type MediaTrack,
  type PeerConnection,
} from '../../../signaling/index.ts';
import { type Service, startService } from './harness.ts';

/** A camera that shows a moving grey and hums at 440 Hz. */
const camera = {
  reading: 0,
  async *video(signal: AbortSignal): AsyncIterable<I420Picture> {
    camera.reading += 1;
    try {
      for (let n = 0; !signal.aborted; n += 1) {
        const data = new Uint8Array(320 * 240 * 1.5).fill(128);
        data.fill((n * 5) % 255, 0, 320 * 240);
        yield { width: 320, height: 240, data };
        await pause(66);
      }
    } finally {
      camera.reading -= 1;
    }
  },
  audio: (signal: AbortSignal) => hum(signal),
};

async function* hum(signal: AbortSignal): AsyncIterable<PcmChunk> {
  // An odd length, so that the pieces of 10 ms have to be cut.
  for (let n = 0; !signal.aborted; n += 1) {
    const samples = Int16Array.from({ length: 960 + 7 }, (_, i) => 8000 * Math.sin((i + n * 967) * 0.0576));
    yield { sampleRate: 48_000, channels: 1, samples };
    await pause(20);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});
// wrtc keeps threads of its own; the worker is ended by vitest.
afterAll(() => pause(50));

async function operatorOf(
  service: Service,
  role: 'operator' | 'supervisor' = 'operator',
): Promise<{ client: CallClient; tracks: MediaTrack[]; states: string[] }> {
  const wrtc = await loadWrtc();
  const voice = new wrtc.nonstandard.RTCAudioSource();
  const speaking = new AbortController();
  cleanup.push(() => speaking.abort());
  void (async () => {
    for await (const { samples } of hum(speaking.signal))
      voice.onData({ samples: samples.slice(0, 480), sampleRate: 48_000, channelCount: 1 });
  })();
  const client = createCallClient(
    {
      url: '',
      token: async () => service.signaling.joinToken({ liftId: 'a', role, identity: role, name: 'Operator' }),
    },
    {
      platform: {
        openSocket: () => service.signaling.connect(),
        createConnection: (configuration) =>
          new wrtc.RTCPeerConnection(configuration) as unknown as PeerConnection,
      },
      openMedia: async () => ({ audio: voice.createTrack() as MediaTrack }),
    },
  );
  cleanup.push(() => client.close());
  const tracks: MediaTrack[] = [];
  const states: string[] = [];
  client.on('track', ({ track }) => tracks.push(track));
  client.on('call', ({ state }: CallView) => states.at(-1) !== state && states.push(state));
  client.on('error', (error) => console.error(error));
  return { client, tracks, states };
}

it('shows a camera, lets it be heard, and plays what the operator says; reads it only during the call', async () => {
  const service = await startService();
  cleanup.push(() => service.close());
  let heard = 0;
  let playing = 0;
  const talkback = {
    duckDb: 0,
    async play(sound: AsyncIterable<PcmChunk>): Promise<void> {
      playing += 1;
      for await (const { samples } of sound) heard += samples.reduce((sum, one) => sum + one * one, 0);
      playing -= 1;
    },
  };
  const cabin = await createServiceCabin(
    { liftId: 'a', name: 'Lift A' },
    {
      signaling: service.signaling,
      media: camera,
      talkback,
      createClient: createCabinClient,
      logger: silentLogger,
    },
  );
  cleanup.push(() => cabin.close());
  const { client, tracks, states } = await operatorOf(service);
  await expect.poll(() => service.signaling.stats().members).toBe(2);
  expect(camera.reading).toBe(0);

  const from = performance.now();
  expect(client.start('incident-1')).toBe(true);
  await expect
    .poll(async () => [...(await client.stats()).values()][0]?.framesDecoded ?? 0, {
      timeout: 10_000,
      interval: 20,
    })
    .toBeGreaterThan(3);
  console.log(`signaling: camera-only picture after ${Math.round(performance.now() - from)} ms`);
  await expect.poll(() => states).toEqual(['ringing', 'negotiating', 'connected']);
  expect(tracks.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
  await expect
    .poll(async () => [...(await client.stats()).values()][0]?.audioEnergy ?? 0, { timeout: 10_000 })
    .toBeGreaterThan(0.001);
  await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(1e9);

  client.hangUp();
  await expect.poll(() => states.at(-1)).toBe('ended');
  await expect.poll(() => [camera.reading, playing]).toEqual([0, 0]);
});

it('whoever takes the call over is heard once the loudspeaker was given back', async () => {
  const service = await startService();
  cleanup.push(() => service.close());
  const steps: string[] = [];
  const talkback = {
    duckDb: 0,
    async play(sound: AsyncIterable<PcmChunk>): Promise<void> {
      steps.push('lent');
      let heard = false;
      for await (const { samples } of sound) {
        if (!heard && samples.some((one) => one !== 0)) steps.push('heard');
        heard ||= samples.some((one) => one !== 0);
      }
      // A camera takes its time.
      await pause(300);
      steps.push('given back');
    },
  };
  const { signaling } = service;
  const cabin = await createServiceCabin(
    { liftId: 'a', name: 'Lift A' },
    { signaling, media: camera, talkback, createClient: createCabinClient, logger: silentLogger },
  );
  cleanup.push(() => cabin.close());
  const operator = await operatorOf(service);
  const supervisor = await operatorOf(service, 'supervisor');
  await expect.poll(() => signaling.stats().members).toBe(3);
  operator.client.start();
  await expect.poll(() => steps, { timeout: 10_000 }).toEqual(['lent', 'heard']);
  expect(supervisor.client.takeOver()).toBe(true);
  await expect
    .poll(() => steps, { timeout: 10_000 })
    .toEqual(['lent', 'heard', 'given back', 'lent', 'heard']);
});
