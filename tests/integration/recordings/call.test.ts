import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepRecordings, type Recordings } from '../../../app/index.ts';
import { type CallClient, createCabinClient, createCallClient } from '../../../console/index.ts';
import { type CallRecord, type MediaItem, silentLogger, systemClock } from '../../../core/index.ts';
import { loadWrtc, type MediaTrack, type PeerConnection } from '../../../signaling/index.ts';
import { createStorage, type Storage } from '../../../storage/index.ts';
import { type Service, startService } from '../signaling/harness.ts';
import { MemoryCallLog } from '../signaling/memory-call-log.ts';
import { storageOptions } from '../storage/records.ts';
import { colours, GREEN, measure, plain, RED, tone, toneShares } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-recordings-'));
const recordingsFolder = join(folder, 'recordings');
const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));
const consent = { zh: '通话将被录音录像', en: 'This call is recorded' };
const options = { enabled: true, consent, fps: 10, maxMinutes: 5 };

let storage: Storage;
beforeAll(async () => {
  storage = await createStorage(storageOptions({ dataDir: folder }), {
    sinks: [],
    logger: silentLogger,
    env: {},
  });
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const recordingsOf = (signaling: Service['signaling'], own = {}): Recordings =>
  keepRecordings(
    { ...options, ...own },
    {
      signaling,
      media: storage.media,
      audit: storage.audit,
      folder: recordingsFolder,
      clock: systemClock,
      logger: silentLogger,
    },
  );

/** What each shows and says: a colour, and a tone of so many hertz. */
const PARTS = {
  cabin: { hertz: 440, colour: GREEN },
  operator: { hertz: 1_250, colour: RED },
  supervisor: { hertz: 2_000, colour: RED },
} as const;
type Part = keyof typeof PARTS;

/** One's picture and sound, in real time until the function that is returned is called. */
function play(
  wrtc: Awaited<ReturnType<typeof loadWrtc>>,
  part: Part,
): { readonly audio: MediaTrack; readonly video: MediaTrack; stop(): void } {
  const [sound, pictures] = [new wrtc.nonstandard.RTCAudioSource(), new wrtc.nonstandard.RTCVideoSource()];
  const from = performance.now();
  let n = 0;
  const timer = setInterval(() => {
    for (; n * 10 < performance.now() - from; n += 1) {
      const { samples, sampleRate } = tone(n, PARTS[part].hertz);
      sound.onData({ samples, sampleRate, channelCount: 1 });
      if (n % 8 === 0) pictures.onFrame(plain(320, 240, PARTS[part].colour));
    }
  }, 5);
  return {
    audio: sound.createTrack() as MediaTrack,
    video: pictures.createTrack() as MediaTrack,
    stop: () => clearInterval(timer),
  };
}

interface Called {
  readonly operator: CallClient;
  readonly steps: readonly CallRecord[];
  /** What both sides were told of the recording. */
  readonly told: { readonly cabin: unknown[]; readonly operator: unknown[] };
  join(part: Part): CallClient;
  close(): Promise<void>;
}

async function call(recordings: (service: Service['signaling']) => Recordings): Promise<Called> {
  const wrtc = await loadWrtc();
  const steps: CallRecord[] = [];
  let keeper: Recordings | undefined;
  const service = await startService(
    {},
    {
      consent,
      callLog: new MemoryCallLog(),
      onCall: (record) => {
        steps.push(record);
        keeper?.take(record);
      },
    },
  );
  keeper = recordings(service.signaling);
  const platform = {
    openSocket: () => service.signaling.connect(),
    createConnection: (configuration: object) =>
      new wrtc.RTCPeerConnection(configuration) as unknown as PeerConnection,
  };
  const leaving: (() => void)[] = [];
  const join = (part: Part): CallClient => {
    const media = play(wrtc, part);
    const token = async () =>
      service.signaling.joinToken({ liftId: 'a', role: part, identity: part, name: part });
    const create = part === 'cabin' ? createCabinClient : createCallClient;
    const client = create({ url: '', token }, { platform, openMedia: async () => media });
    leaving.push(() => {
      media.stop();
      client.close();
    });
    return client as CallClient;
  };
  const [cabin, operator] = [join('cabin'), join('operator')];
  const told: Called['told'] = { cabin: [], operator: [] };
  for (const [client, heard] of [[cabin, told.cabin] as const, [operator, told.operator] as const]) {
    client.on('consent', (words) => heard.push(words));
    client.on('call', ({ recording }) => heard.at(-1) !== recording && heard.push(recording));
  }
  await expect.poll(() => service.signaling.stats().members).toBe(2);
  operator.start('incident-1');
  await expect.poll(() => steps.at(-1)?.state, { timeout: 10_000 }).toBe('connected');
  return {
    operator,
    steps,
    told,
    join,
    async close() {
      for (const leave of leaving) leave();
      await keeper.close();
      await service.close();
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const recordingsOfA = (): Promise<MediaItem[]> => storage.media.recordings({ liftIds: ['a'], limit: 9 });
const pathOf = (item: MediaItem): string =>
  join(folder, 'media', 'recording', new Date(item.takenAt).toISOString().slice(0, 10), `${item.id}.mp4`);

describe('a call that is recorded', () => {
  it('is kept with both sides, each on its channel, as long as the call, and both were told', async () => {
    const called = await call((signaling) => recordingsOf(signaling));
    await expect.poll(() => called.told.cabin.at(-1)).toBe('on');
    await pause(3_500);
    called.operator.hangUp();
    await expect.poll(recordingsOfA, { timeout: 15_000, interval: 100 }).toHaveLength(1);
    await called.close();
    expect(called.told).toEqual({
      cabin: [consent, undefined, 'on'],
      operator: [consent, undefined, 'on'],
    });

    const [item] = (await recordingsOfA()) as [MediaItem];
    const at = (state: string): number =>
      called.steps.flatMap(({ steps }) => steps).find((step) => step.state === state)!.at;
    const lasted = at('ended') - at('connected');
    expect(item).toMatchObject({
      liftId: 'a',
      incidentId: 'incident-1',
      recording: { callId: called.steps[0]!.id },
    });
    expect(item.recording?.problem).toBeUndefined();
    expect(Math.abs(item.takenAt - at('connected'))).toBeLessThan(100);
    const file = await measure(pathOf(item));
    expect(Math.abs(file.durationMs - lasted)).toBeLessThan(500);
    expect(item.recording!.durationMs).toBeCloseTo(file.durationMs, -2);
    expect(Math.abs(file.createdAt - item.takenAt)).toBeLessThan(1_000);
    expect(file).toMatchObject({ size: '320x240', codecs: { video: 'h264', audio: 'aac' } });

    const path = pathOf(item);
    const middle = <T>(all: readonly T[]): T[] => all.slice(all.length / 2, -5);
    const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
    const [left, right] = [await toneShares(path, 0, 440), await toneShares(path, 1, 1_250)];
    expect(mean(middle(left))).toBeGreaterThan(0.8);
    expect(mean(middle(right))).toBeGreaterThan(0.8);
    expect(mean(middle(await toneShares(path, 0, 1_250)))).toBeLessThan(0.05);
    expect(mean(middle(await toneShares(path, 1, 440)))).toBeLessThan(0.05);
    const [cabin, corner] = [await colours(path, '60:60:20:20'), await colours(path, '20:20:270:200')];
    for (const [r, g, b] of middle(cabin)) expect([r < 90, g > 170, b < 90]).toEqual([true, true, true]);
    for (const [r, g, b] of middle(corner)) expect([r > 170, g < 90, b < 90]).toEqual([true, true, true]);
    expect(readdirSync(recordingsFolder)).toEqual([]);

    const entries = await storage.audit.entries(0, 100);
    expect(entries.at(-1)).toMatchObject({
      action: 'call.recorded',
      subject: 'lift/a',
      actor: { kind: 'service', id: 'recorder' },
      data: { call: called.steps[0]!.id, incidentId: 'incident-1', recording: item.id },
    });
  }, 40_000);

  it('has whoever takes it over, from then on', async () => {
    const called = await call((signaling) => recordingsOf(signaling));
    await expect.poll(() => called.told.cabin.at(-1)).toBe('on');
    const supervisor = called.join('supervisor');
    await expect.poll(() => supervisor.call?.state).toBe('connected');
    await pause(1_500);
    supervisor.takeOver();
    await expect.poll(() => called.steps.at(-1)?.by.role, { timeout: 10_000 }).toBe('supervisor');
    await pause(2_500);
    supervisor.hangUp();
    const before = await recordingsOfA();
    await expect.poll(recordingsOfA, { timeout: 15_000, interval: 100 }).toHaveLength(before.length + 1);
    await called.close();
    const [item] = (await recordingsOfA()) as [MediaItem];
    expect(item.recording?.problem).toBeUndefined();
    const path = pathOf(item);
    const [first, then] = [await toneShares(path, 1, 1_250), await toneShares(path, 1, 2_000)];
    expect(Math.max(...first)).toBeGreaterThan(0.9);
    expect(Math.max(...then.slice(-15))).toBeGreaterThan(0.9);
    expect(then.lastIndexOf(Math.max(...then))).toBeGreaterThan(first.indexOf(Math.max(...first)));
    expect(Math.max(...(await toneShares(path, 0, 440)).slice(-15))).toBeGreaterThan(0.9);
  }, 40_000);

  it('goes on when it cannot be recorded, and the operator is told', async () => {
    const noFolder = join(folder, 'a-file');
    writeFileSync(noFolder, '');
    const called = await call((signaling) =>
      keepRecordings(options, {
        signaling,
        media: storage.media,
        audit: storage.audit,
        folder: join(noFolder, 'recordings'),
        clock: systemClock,
        logger: silentLogger,
      }),
    );
    await expect.poll(() => called.told.operator.at(-1), { timeout: 10_000 }).toBe('failed');
    expect(called.operator.call?.state).toBe('connected');
    expect((await storage.audit.entries(0, 100)).at(-1)?.action).toBe('call.recording-failed');
    await called.close();
    expect(await recordingsOfA()).toHaveLength(2);
  }, 20_000);

  it('is over before anything of it arrives: that is on record, and nothing is left', async () => {
    const service = await startService();
    const recordings = recordingsOf(service.signaling);
    const record = { id: 'short', liftId: 's', state: 'connected' } as CallRecord;
    recordings.take(record);
    recordings.take({ ...record, state: 'ended' });
    await recordings.close();
    await service.close();
    const last = (await storage.audit.entries(0, 100)).at(-1);
    expect(last).toMatchObject({ action: 'call.recording-failed', data: { call: 'short' } });
    expect(await storage.media.recordings({ liftIds: ['s'], limit: 9 })).toEqual([]);
    expect(readdirSync(recordingsFolder)).toEqual([]);
  }, 20_000);

  it('is kept by the next start when the service was killed', async () => {
    const startedAt = Date.now();
    const name = `killed-${startedAt}`;
    mkdirSync(recordingsFolder, { recursive: true });
    const begun = { name, callId: 'killed', liftId: 'k', incidentId: 'incident-k', startedAt };
    writeFileSync(join(recordingsFolder, `${name}.json`), JSON.stringify(begun));
    const path = join(recordingsFolder, `${name}.mp4`);
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, path, String(startedAt)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const service = await startService();
    const next = recordingsOf(service.signaling);
    await next.takeUp(async () => []);
    await next.close();
    await service.close();
    const [item] = (await storage.media.recordings({ liftIds: ['k'], limit: 9 })) as [MediaItem];
    expect(item).toMatchObject({
      incidentId: 'incident-k',
      takenAt: startedAt,
      recording: { callId: 'killed', problem: 'The service was cut off in the middle of it.' },
    });
    expect((await measure(pathOf(item))).durationMs).toBeGreaterThan(1_000);
    expect(Math.max(...(await toneShares(pathOf(item), 0, 440)))).toBeGreaterThan(0.95);
    expect(Math.max(...(await toneShares(pathOf(item), 1, 1_250)))).toBeGreaterThan(0.95);
    expect(readdirSync(recordingsFolder)).toEqual([]);
  }, 30_000);

  it('is not where recording is off', async () => {
    const called = await call((signaling) => recordingsOf(signaling, { enabled: false }));
    await pause(300);
    expect(called.told.operator).toEqual([consent, undefined]);
    await called.close();
    expect(readdirSync(recordingsFolder)).toEqual([]);
  }, 20_000);
});
