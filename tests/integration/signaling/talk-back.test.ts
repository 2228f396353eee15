import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { type CallView, createCabinClient, createCallClient } from '../../../console/index.ts';
import { type I420Picture, silentLogger, type Talkback } from '../../../core/index.ts';
import {
  createServiceCabin,
  loadWrtc,
  type MediaTrack,
  type PeerConnection,
} from '../../../signaling/index.ts';
import { createTalkBack, parseAddress } from '../../../streams/index.ts';
import { picture, speaker, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { loudness, readSamples, shareOfTone, tone } from '../../fixtures/tone.ts';
import { until } from '../../fixtures/until.ts';
import { startService } from './harness.ts';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
// wrtc keeps threads of its own; the worker is ended by vitest.
afterAll(() => pause(50));

const HERTZ = 700;
const LOUD = 8000;

async function* grey(signal: AbortSignal): AsyncIterable<I420Picture> {
  for (let n = 0; !signal.aborted; n += 1) {
    yield { width: 320, height: 240, data: new Uint8Array(320 * 240 * 1.5).fill(n % 200) };
    await pause(66);
  }
}

/** A microphone that is silent until it is whistled into. */
async function openMicrophone(): Promise<{ track: MediaTrack; whistle(on: boolean): void }> {
  const wrtc = await loadWrtc();
  const source = new wrtc.nonstandard.RTCAudioSource();
  const start = performance.now();
  let [n, whistling] = [0, false];
  const timer = setInterval(() => {
    for (; n * 10 < performance.now() - start; n += 1) {
      const samples = tone(HERTZ, 48_000, 480, n / 100, whistling ? LOUD : 0);
      source.onData({ samples, sampleRate: 48_000, channelCount: 1, bitsPerSample: 16 });
    }
  }, 5);
  cleanup.push(() => clearInterval(timer));
  return {
    track: source.createTrack() as MediaTrack,
    whistle(on) {
      whistling = on;
    },
  };
}

async function callCabin(talkback: Talkback | undefined) {
  const wrtc = await loadWrtc();
  const service = await startService();
  cleanup.push(() => service.close());
  const { signaling } = service;
  const cabin = await createServiceCabin(
    { liftId: 'a', name: 'Lift A' },
    { signaling, media: { video: grey }, talkback, createClient: createCabinClient, logger: silentLogger },
  );
  cleanup.push(() => cabin.close());
  const microphone = await openMicrophone();
  const client = createCallClient(
    {
      url: '',
      token: async () =>
        signaling.joinToken({ liftId: 'a', role: 'operator', identity: 'op', name: 'Operator' }),
    },
    {
      platform: {
        openSocket: () => signaling.connect(),
        createConnection: (configuration) =>
          new wrtc.RTCPeerConnection(configuration) as unknown as PeerConnection,
      },
      openMedia: async () => ({ audio: microphone.track }),
    },
  );
  cleanup.push(() => client.close());
  const views: CallView[] = [];
  client.on('call', (view) => views.push(view));
  await until(() => service.signaling.stats().members === 2);
  expect(client.start()).toBe(true);
  return { client, microphone, views };
}

it('an operator is heard from a camera’s loudspeaker, through WebRTC, the service and GStreamer', async () => {
  const server = await startRtspServer(0, 'onvif');
  cleanup.push(() => server.kill());
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-talk-back-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'heard');
  await server.mount({ path: '/cam', launch: picture(), backchannel: speaker(file) });
  const address = parseAddress(`rtsp://127.0.0.1:${server.port}/cam`);
  const { client, microphone, views } = await callCabin(
    createTalkBack({ address, duckDb: 20 }, { logger: silentLogger }),
  );
  await until(async () => views.at(-1)?.state === 'connected' && (await readSamples(file)).length > 8000);
  expect(views.at(-1)?.heard).toBe(true);

  const before = (await readSamples(file)).length;
  microphone.whistle(true);
  const from = performance.now();
  await until(async () => loudness((await readSamples(file)).slice(before).slice(-400)) > LOUD / 10);
  const delay = performance.now() - from;
  await until(async () => (await readSamples(file)).length > before + 3 * 8000);
  const heard = (await readSamples(file)).slice(before + 8000, before + 16_000);
  const share = shareOfTone(heard, HERTZ, 8000);
  console.log(
    `signaling: talk-back heard after ${Math.round(delay)} ms, ${(share * 100).toFixed(2)} % of it the tone, ` +
      `loudness ${Math.round(loudness(heard))} of ${Math.round(LOUD / Math.SQRT2)}`,
  );
  expect(share).toBeGreaterThan(0.99);
  // Opus and the jitter buffer give back what they got, within 1 dB.
  expect(loudness(heard) / (LOUD / Math.SQRT2)).toBeGreaterThan(0.89);
  expect(loudness(heard) / (LOUD / Math.SQRT2)).toBeLessThan(1.12);
  expect(delay).toBeLessThan(2000);

  client.hangUp();
  await until(async () => (await server.sessions()) === 0);
});

it('the operator is told when the camera has no loudspeaker', async () => {
  const server = await startRtspServer(0, 'onvif');
  cleanup.push(() => server.kill());
  await server.mount({ path: '/cam', launch: picture() });
  const address = parseAddress(`rtsp://127.0.0.1:${server.port}/cam`);
  const { views } = await callCabin(createTalkBack({ address, duckDb: 20 }, { logger: silentLogger }));
  await until(() => views.at(-1)?.state === 'connected' && views.at(-1)?.heard === false);
});
