import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RtspSimulator, type RtspSimulatorOptions, startRtspSimulator } from '../index.ts';

const run = promisify(execFile);
const PICTURES = 30;
let dir: string;
let h264: string;
let h265: string;
let simulator: RtspSimulator | undefined;

/** Two seconds at 15 fps, B-frames, several slices, a key picture every second; noise makes large NAL units. */
async function makeClip(name: string, codec: string[]): Promise<string> {
  const file = join(dir, name);
  const source = 'testsrc2=size=320x240:rate=15:duration=2,noise=alls=30:allf=t:all_seed=1';
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...codec, '-pix_fmt', 'yuv420p', file]);
  return file;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cabinwatch-rtsp-'));
  h264 = await makeClip('h264.mp4', [
    '-c:v',
    'libx264',
    '-g',
    '15',
    '-sc_threshold',
    '0',
    '-bf',
    '2',
    '-slices',
    '3',
  ]);
  h265 = await makeClip('h265.mp4', [
    ...[
      '-c:v',
      'libx265',
      '-x265-params',
      'keyint=15:bframes=2:scenecut=0:open-gop=0:log-level=none',
      '-tag:v',
      'hvc1',
    ],
  ]);
});
afterAll(() => rm(dir, { recursive: true, force: true }));
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

async function start(options: RtspSimulatorOptions): Promise<RtspSimulator> {
  simulator = await startRtspSimulator(options);
  return simulator;
}

/** Checksums of decoded pictures and their times, as another program reads them. */
async function pictures(
  url: string,
  count: number,
  input: string[] = [],
): Promise<{ pts: number; md5: string }[]> {
  const { stdout } = await run('ffmpeg', [
    ...['-v', 'error', ...input, '-copyts', '-i', url, '-frames:v', String(count)],
    ...['-an', '-fps_mode', 'passthrough', '-enc_time_base', '1/90000', '-f', 'framemd5', '-'],
  ]);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .map((cells) => ({ pts: Number(cells[2]), md5: cells[5] as string }));
}

const TCP = ['-rtsp_transport', 'tcp'];
const UDP = ['-rtsp_transport', 'udp'];

describe.each([
  ['H.264 over TCP', () => h264, TCP],
  ['H.264 over UDP', () => h264, UDP],
  ['H.265 over TCP', () => h265, TCP],
])('%s', (_name, file, transport) => {
  it('gives every picture of the file, round after round, on a clock that only rises', async () => {
    const sim = await start({ cameras: [{ name: 'car', file: file() }] });
    const expected = (await pictures(file(), PICTURES)).map((p) => p.md5);
    const got = await pictures(sim.url('car'), PICTURES + 12, transport);

    expect(got.slice(0, PICTURES).map((p) => p.md5)).toEqual(expected);
    expect(got.slice(PICTURES).map((p) => p.md5)).toEqual(expected.slice(0, 12));
    // ffmpeg leaves the time of an RTSP source's first packet open, so the second picture is the first with one.
    const steps = got.slice(2).map((p, i) => p.pts - (got[i + 1]?.pts ?? 0));
    expect(new Set(steps)).toEqual(new Set([6000]));
    expect(sim.status('car').rounds).toBeGreaterThanOrEqual(1);
  });
});

describe('clients', () => {
  it('may be many, each from the next key picture on', async () => {
    const sim = await start({ cameras: ['a', 'b', 'c'].map((name) => ({ name, file: h264 })) });
    const expected = (await pictures(h264, PICTURES)).map((p) => p.md5);
    const urls = ['a', 'b', 'c', 'a', 'b', 'c'].map((name) => sim.url(name));
    const all = await Promise.all(urls.map((url, i) => pictures(url, 20, i % 2 ? UDP : TCP)));
    for (const got of all) {
      const begin = expected.indexOf(got[0]?.md5 as string);
      expect([0, 15]).toContain(begin);
      expect(got.map((p) => p.md5)).toEqual(got.map((_, i) => expected[(begin + i) % PICTURES]));
    }
    await vi.waitFor(() => expect(sim.status('a').viewers).toBe(0), 5000);
  });

  it.each(['digest', 'basic'] as const)('must know the password (%s)', async (auth) => {
    const sim = await start({
      cameras: [{ name: 'car', file: h264, user: 'admin', password: 'p@ss:w/rd', auth }],
    });
    expect(await pictures(sim.url('car'), 3, TCP)).toHaveLength(3);
    const wrong = sim.url('car').replace(/:[^:@]+@/, ':wrong@');
    await expect(pictures(wrong, 3, TCP)).rejects.toThrow(/401/);
    await expect(pictures(`rtsp://127.0.0.1:${sim.port}/car`, 3, TCP)).rejects.toThrow(/401/);
  });

  it.each(['tcp', 'udp'])('may be GStreamer’s, over %s', async (protocol) => {
    const sim = await start({ cameras: [{ name: 'car', file: h264, user: 'admin', password: 'secret' }] });
    const source = [`location=rtsp://127.0.0.1:${sim.port}/car`, 'user-id=admin', 'user-pw=secret'];
    const parse = ['!', 'rtph264depay', '!', 'h264parse', '!'];
    const { stdout } = await run(
      'gst-launch-1.0',
      [
        ...['-v', 'rtspsrc', ...source, `protocols=${protocol}`, 'latency=100', ...parse],
        ...['identity', 'silent=false', 'eos-after=40', '!', 'fakesink'],
      ],
      { timeout: 25_000, maxBuffer: 16 * 1024 * 1024 },
    );
    expect(stdout.match(/last-message = chain/g)?.length).toBeGreaterThan(30);
  });

  it('are told when there is no such camera', async () => {
    const sim = await start({ cameras: [{ name: 'car', file: h264 }] });
    await expect(pictures(`rtsp://127.0.0.1:${sim.port}/other`, 1, TCP)).rejects.toThrow(/404/);
  });

  it('see the end of a camera that does not loop', async () => {
    const sim = await start({ cameras: [{ name: 'car', file: h264, loop: false }] });
    const got = await pictures(sim.url('car'), 1000, TCP);
    expect(got.length).toBeGreaterThanOrEqual(PICTURES - 3);
    expect(got.length).toBeLessThanOrEqual(PICTURES);
  });
});

describe('faults', () => {
  it('freeze: the same picture on a running clock, then movement again', async () => {
    const sim = await start({ cameras: [{ name: 'car', file: h264 }] });
    const watching = pictures(sim.url('car'), 60, TCP);
    await vi.waitFor(() => expect(sim.status('car').picturesSent).toBeGreaterThan(10), 10_000);
    sim.fault('car', 'freeze', { forMs: 1500 });
    const got = await watching;
    const longest = longestRun(got.map((p) => p.md5));
    expect(longest).toBeGreaterThan(15);
    expect(longest).toBeLessThan(35);
    for (let i = 2; i < got.length; i++) expect(got[i]?.pts).toBeGreaterThan(got[i - 1]?.pts as number);
    expect(new Set(got.slice(-5).map((p) => p.md5)).size).toBe(5);
  });

  it('flood and slow: more and fewer pictures, timestamps true to the wall clock', async () => {
    const sim = await start({
      cameras: ['fast', 'slow'].map((name) => ({ name, file: h264 })),
      slowFactor: 0.2,
    });
    sim.fault('fast', 'flood');
    sim.fault('slow', 'slow');
    const [fast, slow] = await Promise.all([
      pictures(sim.url('fast'), 200, TCP),
      pictures(sim.url('slow'), 5, [...TCP, '-probesize', '32', '-analyzeduration', '0']),
    ]);
    const seconds = (p: { pts: number }[]): number => ((p.at(-1)?.pts ?? 0) - (p[0]?.pts ?? 0)) / 90_000;
    expect(200 / seconds(fast)).toBeGreaterThan(200);
    expect(seconds(slow)).toBeGreaterThan(1);
  });

  it('die and wrong-password: refused until healed, others untouched', async () => {
    const sim = await start({ cameras: ['a', 'b'].map((name) => ({ name, file: h264 })) });
    const other = pictures(sim.url('b'), 45, TCP);
    sim.fault('a', 'die');
    await expect(pictures(sim.url('a'), 1, TCP)).rejects.toThrow();
    sim.fault('a', 'wrong-password');
    await expect(pictures(sim.url('a'), 1, TCP)).rejects.toThrow(/401/);
    sim.fault('a', 'none');
    expect(await pictures(sim.url('a'), 2, TCP)).toHaveLength(2);
    expect(new Set((await other).map((p) => p.md5)).size).toBe(PICTURES);
  });

  it('hang: the connection stands, nothing comes', async () => {
    const sim = await start({ cameras: [{ name: 'car', file: h264 }] });
    sim.fault('car', 'hang');
    const began = performance.now();
    await expect(pictures(sim.url('car'), 1, [...TCP, '-timeout', '1500000'])).rejects.toThrow();
    expect(performance.now() - began).toBeGreaterThan(1400);
  });
});

describe('files', () => {
  it('that cannot be played are refused with what to do', async () => {
    const text = join(dir, 'text.mp4');
    await writeFile(text, 'no film');
    const empty = join(dir, 'empty.mp4');
    await writeFile(empty, '');
    const sound = join(dir, 'sound.mp4');
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', sound]);
    const opening = (file: string): Promise<unknown> =>
      startRtspSimulator({ cameras: [{ name: 'car', file }] });
    await expect(opening(join(dir, 'none.mp4'))).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
    await expect(opening(empty)).rejects.toMatchObject({ code: 'INPUT_EMPTY' });
    await expect(opening(text)).rejects.toMatchObject({ code: 'INPUT_NOT_VIDEO' });
    await expect(opening(sound)).rejects.toMatchObject({ code: 'INPUT_NOT_VIDEO' });
  });
});

function longestRun(values: string[]): number {
  let best = 0;
  let run = 0;
  values.forEach((v, i) => {
    run = v === values[i - 1] ? run + 1 : 1;
    best = Math.max(best, run);
  });
  return best;
}
