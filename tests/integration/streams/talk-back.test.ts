import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Logger, type PcmChunk, silentLogger } from '../../../core/index.ts';
import { askBackchannel, createTalkBack, inspectCamera, parseAddress } from '../../../streams/index.ts';
import { G711, picture, type RtspServer, speaker, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { timeLimit } from '../../fixtures/time-limit.ts';
import { loudness, readSamples, shareOfTone, tone } from '../../fixtures/tone.ts';
import { until } from '../../fixtures/until.ts';
import { Cleanup, note, temporaryFolder } from './harness.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function startCamera(kind: 'plain' | 'onvif' = 'onvif'): Promise<RtspServer> {
  const server = await startRtspServer(0, kind);
  cleanup.add(() => server.kill());
  return server;
}

/** A microphone with a tone, in pieces of 10 ms by the clock, as WebRTC gives them. */
async function* whistle(
  hertz: number,
  rate: number,
  channels: number,
  signal: AbortSignal,
): AsyncGenerator<PcmChunk> {
  const start = performance.now();
  for (let n = 0; !signal.aborted; n += 1) {
    const mono = tone(hertz, rate, rate / 100, n / 100);
    const samples = Int16Array.from(
      { length: mono.length * channels },
      (_, k) => mono[Math.floor(k / channels)]!,
    );
    yield { sampleRate: rate, channels, samples };
    const wait = start + (n + 1) * 10 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

interface Spoken {
  readonly reached: boolean[];
  /** Ends what is said; resolves when the loudspeaker was given back. */
  stop(): Promise<void>;
}

function speak(
  url: string,
  { hertz = 440, rate = 48_000, channels = 1, logger = silentLogger } = {},
): Spoken {
  const ended = new AbortController();
  const reached: boolean[] = [];
  const talkback = createTalkBack({ address: parseAddress(url), duckDb: 20 }, { logger });
  const playing = talkback.play(whistle(hertz, rate, channels, ended.signal), ended.signal, (now) =>
    reached.push(now),
  );
  const stop = async (): Promise<void> => {
    ended.abort();
    await playing;
  };
  cleanup.add(stop);
  return { reached, stop };
}

it.each([
  ['PCMA', 48_000, 2, 'digest'],
  ['PCMU', 44_100, 1, 'basic'],
] as const)(
  'a tone is heard as it is by GStreamer: %s, from %i Hz in %i channels, with a password (%s)',
  async (law, rate, channels, method) => {
    const server = await startCamera();
    const file = join(await temporaryFolder(cleanup), 'heard');
    const login = { user: 'admin', password: 'l0ud-sp3aker', method };
    await server.mount({
      path: '/cam',
      launch: picture({ audio: G711 }),
      backchannel: speaker(file, law),
      ...login,
    });
    const url = `rtsp://admin:l0ud-sp3aker@127.0.0.1:${server.port}/cam`;
    const spoken = speak(url, { hertz: 1000, rate, channels });
    await until(async () => (await readSamples(file)).length > 8000, 60_000);
    const from = { at: performance.now(), samples: (await readSamples(file)).length };
    await until(async () => (await readSamples(file)).length > from.samples + 2 * 8000);
    const seconds = (performance.now() - from.at) / 1000;
    const heard = await readSamples(file);
    await spoken.stop();

    // In tenths of a second: where this process itself was held up, one of them has a gap.
    const tenths = Array.from({ length: 16 }, (_, n) => heard.slice(4000 + n * 800, 4800 + n * 800));
    const share = median(tenths.map((tenth) => shareOfTone(tenth, 1000, 8000)));
    const loud = median(tenths.map(loudness));
    note('talk-back', {
      law,
      'share of the tone, %': share * 100,
      loudness: loud,
      'seconds for 2 s': seconds,
    });
    // G.711 leaves its own noise, about -38 dB of it.
    expect(share).toBeGreaterThan(0.999);
    expect(loud).toBeCloseTo(10_000 / Math.SQRT2, -2.5);
    expect(seconds).toBeGreaterThan(1.8);
    expect(seconds * 1000).toBeLessThan(timeLimit(2300));
    expect(spoken.reached).toEqual([true]);
    await until(async () => (await server.sessions()) === 0 && (await server.clients()) === 0);
  },
  120_000,
);

it.each(['plain', 'onvif'] as const)(
  'a camera without a loudspeaker is known for one (%s server)',
  async (kind) => {
    const server = await startCamera(kind);
    await server.mount({ path: '/cam', launch: picture() });
    const url = `rtsp://127.0.0.1:${server.port}/cam`;
    expect(await askBackchannel(parseAddress(url))).toEqual({ kind: 'none' });
    const spoken = speak(url);
    await until(() => spoken.reached.length > 0);
    await spoken.stop();
    expect(spoken.reached).toEqual([false]);
  },
);

it('doctor is told of the loudspeaker', async () => {
  const server = await startCamera();
  const file = join(await temporaryFolder(cleanup), 'heard');
  await server.mount({ path: '/cam', launch: picture(), backchannel: speaker(file) });
  const { talkback } = await inspectCamera(`rtsp://127.0.0.1:${server.port}/cam`, { measureMs: 500 });
  expect(talkback).toMatchObject({ kind: 'g711', backchannel: { law: 'pcm_alaw', rate: 8000 } });
});

it('a loudspeaker that is lost is spoken to again, and the operator knows when nobody hears', async () => {
  const server = await startCamera();
  const file = join(await temporaryFolder(cleanup), 'heard');
  await server.mount({ path: '/cam', launch: picture(), backchannel: speaker(file) });
  const spoken = speak(`rtsp://127.0.0.1:${server.port}/cam`, { hertz: 600 });
  await until(async () => (await readSamples(file)).length > 4000);
  const lost = performance.now();
  await server.drop();
  await until(() => spoken.reached.length === 3);
  note('talk-back', { 'back after, ms': performance.now() - lost });
  expect(spoken.reached).toEqual([true, false, true]);
  // GStreamer begins the file anew.
  await until(async () => {
    const heard = await readSamples(file);
    return heard.length > 12_000 && shareOfTone(heard.slice(-8000), 600, 8000) > 0.99;
  });
});

it('is heard from as often as the camera asks, beside the sound', async () => {
  const server = await startCamera();
  await server.timeout(3);
  const file = join(await temporaryFolder(cleanup), 'heard');
  await server.mount({ path: '/cam', launch: picture(), backchannel: speaker(file) });
  const spoken = speak(`rtsp://127.0.0.1:${server.port}/cam`);
  await until(async () => (await server.options()) >= 3);
  // Not more often either: once a second.
  expect((await readSamples(file)).length).toBeGreaterThan(2 * 8000);
  expect(spoken.reached).toEqual([true]);
});

it('a camera that has taken its loudspeaker back is asked for it again', async () => {
  const server = await startCamera();
  await server.timeout(3);
  const file = join(await temporaryFolder(cleanup), 'heard');
  await server.mount({ path: '/cam', launch: picture(), backchannel: speaker(file) });
  const spoken = speak(`rtsp://127.0.0.1:${server.port}/cam`);
  await until(async () => (await readSamples(file)).length > 4000);
  await server.expire();
  await until(() => spoken.reached.length === 3);
  expect(spoken.reached).toEqual([true, false, true]);
});

it('gives the loudspeaker back when the operator’s sound breaks off, and says why', async () => {
  const server = await startCamera();
  const file = join(await temporaryFolder(cleanup), 'heard');
  await server.mount({ path: '/cam', launch: picture(), backchannel: speaker(file) });
  const address = parseAddress(`rtsp://127.0.0.1:${server.port}/cam`);
  const broken = (async function* (): AsyncGenerator<PcmChunk> {
    yield { sampleRate: 48_000, channels: 1, samples: tone(440, 48_000, 480) };
    throw new Error('no microphone');
  })();
  const talkback = createTalkBack({ address, duckDb: 20 }, { logger: silentLogger });
  const playing = talkback.play(broken, new AbortController().signal, () => {});
  await expect(playing).rejects.toThrow('no microphone');
  await until(async () => (await server.sessions()) === 0);
});

it('shows the password to nobody when the camera refuses it', async () => {
  const server = await startCamera();
  const file = join(await temporaryFolder(cleanup), 'heard');
  const login = { user: 'admin', password: 'right' };
  await server.mount({ path: '/cam', launch: picture(), backchannel: speaker(file), ...login });
  const lines: string[] = [];
  const write = (fields: object, text: string): void => void lines.push(JSON.stringify([fields, text]));
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const spoken = speak(`rtsp://admin:wr0ng-w0rd@127.0.0.1:${server.port}/cam`, { logger });
  await until(() => spoken.reached.length > 0 && lines.length > 0);
  await spoken.stop();
  expect(spoken.reached).toEqual([false]);
  expect(lines.join('\n')).toContain('CAMERA_UNAUTHORIZED');
  expect(lines.join('\n')).not.toContain('wr0ng-w0rd');
});
