import { execFile } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AAC,
  B_FRAMES,
  G711,
  H264,
  H265,
  type Picture,
  picture,
  type RtspServer,
  SLICES,
  startRtspServer,
} from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, temporaryFolder, until, watch } from './harness.ts';

interface Format {
  readonly name: string;
  readonly picture: Picture;
  readonly transport?: 'tcp' | 'udp';
  /** What reaches the analysis; default 192x108. */
  readonly size?: string;
  readonly codec?: 'hevc';
  readonly audio?: true;
}

const FORMATS: readonly Format[] = [
  { name: 'H.264 with AAC', picture: { audio: AAC }, audio: true },
  { name: 'H.264 with G.711', picture: { audio: G711 }, audio: true },
  { name: 'H.265', picture: { encode: H265 }, codec: 'hevc' },
  { name: 'H.265 with G.711', picture: { encode: H265, audio: G711 }, codec: 'hevc', audio: true },
  { name: 'B-frames', picture: { encode: B_FRAMES } },
  { name: 'multi-slice pictures with access-unit delimiters', picture: { encode: SLICES } },
  { name: 'parameters in the SDP alone', picture: { encode: H264({ inBand: false }) } },
  {
    name: 'odd size',
    picture: { width: 635, height: 357, format: 'Y444', fps: 4, encode: H264({ profile: 'high-4:4:4' }) },
    size: '634x356',
  },
  { name: 'variable frame rate', picture: { filter: 'identity drop-probability=0.3' } },
  { name: 'UDP', picture: {}, transport: 'udp' },
];

const probe = promisify(execFile);
const cleanup = new Cleanup();
let server: RtspServer;
let folder: string;

beforeAll(async () => {
  server = await startRtspServer();
  cleanup.add(() => server.kill());
  folder = await temporaryFolder(cleanup);
});
afterAll(() => cleanup.run());

/** Two cores encode, send, read and decode all of them: a few at a time. */
describe.each([FORMATS.slice(0, 4), FORMATS.slice(4, 7), FORMATS.slice(7)])(
  'a camera that sends',
  (...formats) => {
    it.concurrent.each(formats)(
      '$name gives pictures, a snapshot and a clip',
      async (format) => {
        const { name, size = '192x108', codec = 'h264', audio, transport = 'tcp' } = format;
        const path = `/${FORMATS.indexOf(format)}`;
        await server.mount({ path, launch: picture(format.picture) });
        const seen = watch(cleanup, { url: `rtsp://127.0.0.1:${server.port}${path}`, transport });
        await until(seen.camera, 'online', 25_000);
        // Two key frames' time, so that the clip has one to begin with.
        await vi.waitFor(() => expect(seen.pictures.length).toBeGreaterThan(12), { timeout: 15_000 });
        const at = Date.now();
        const count = seen.pictures.length;
        const file = join(folder, `${seen.camera.cameraId}.mp4`);
        const clip = await seen.camera.clip({ at, beforeMs: 0, afterMs: 3000, path: file });
        const fps = ((seen.pictures.length - count) * 1000) / (Date.now() - at);
        note(name, {
          'first picture ms': seen.pictures[0] ?? 0,
          fps,
          'clip from ms': clip.from - at,
          'clip to ms': clip.to - at,
        });

        expect(seen.camera.info?.video?.codec).toBe(codec);
        expect([...seen.sizes]).toEqual([size]);
        expect(seen.backwards).toBe(0);
        expect(fps).toBeGreaterThan(1);
        expect(fps).toBeLessThan(6);
        const snapshot = await seen.camera.snapshot({ full: true });
        expect(`${snapshot.width}x${snapshot.height}`).toBe(format.picture.width ? '635x357' : size);
        expect(snapshot.ts).toBeGreaterThan(at);
        expect(snapshot.ts).toBeLessThanOrEqual(Date.now());

        const facts = await inspect(clip.path);
        expect(facts.video).toBe(codec);
        expect(facts.audio).toBe(audio ? 'aac' : undefined);
        // From the key frame before, which come one a second, to the end asked for.
        expect(clip.complete).toBe(true);
        expect(at - clip.from).toBeLessThan(2500);
        expect(facts.seconds).toBeGreaterThan(2);
        expect(facts.seconds).toBeLessThan(5.5);
        expect(facts.broken).toBe('');
        await seen.camera.close();
      },
      60_000,
    );
  },
);

it('a camera that speaks RTSP over TLS, with a certificate of its own making and a password, is read too', async () => {
  const certificate = join(folder, 'camera.pem');
  const subject = ['-subj', '/CN=camera', '-days', '2', '-keyout', certificate, '-out', `${certificate}.crt`];
  await probe('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject]);
  await appendFile(certificate, await readFile(`${certificate}.crt`));
  const secure = await startRtspServer();
  cleanup.add(() => secure.kill());
  await secure.mount({ path: '/cam', launch: picture(), user: 'admin', password: 'p@ss', certificate });
  const plain = watch(cleanup, { url: `rtsp://admin:p%40ss@127.0.0.1:${secure.port}/cam` });
  const seen = watch(cleanup, { url: `rtsps://admin:p%40ss@127.0.0.1:${secure.port}/cam` });
  await until(seen.camera, 'online', 25_000);
  expect(plain.camera.health().state).toBe('offline');
}, 60_000);

async function inspect(
  path: string,
): Promise<{ video: string; audio: string | undefined; seconds: number; broken: string }> {
  const entries = 'stream=codec_type,codec_name:format=duration';
  const { stdout } = await probe('ffprobe', ['-v', 'error', '-of', 'json', '-show_entries', entries, path]);
  const facts = JSON.parse(stdout) as {
    streams: { codec_type: string; codec_name: string }[];
    format: { duration: string };
  };
  const codec = (type: string): string | undefined =>
    facts.streams.find((s) => s.codec_type === type)?.codec_name;
  const { stderr } = await probe('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-']);
  return {
    video: codec('video') ?? '',
    audio: codec('audio'),
    seconds: Number(facts.format.duration),
    broken: stderr,
  };
}
