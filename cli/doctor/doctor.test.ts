import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { knownModels } from '../../models/index.ts';
import type { CameraReport } from '../../streams/index.ts';
import { terminalLanguage } from '../language.ts';
import { checkFfmpeg, judgeParts, judgeVersion, NEEDED, parseListing } from './check-ffmpeg.ts';
import { checkClock, checkCpu, checkLoad, checkMemory, judgeDisk } from './check-machine.ts';
import { checkModels } from './check-models.ts';
import { checkNode } from './check-node.ts';
import { checkPorts } from './check-ports.ts';
import { describeCapacity, estimateCameras } from './estimate-cameras.ts';
import { type Finding, formatFindings } from './finding.ts';
import { judgeCamera } from './judge-camera.ts';
import { measureDecodeLoad, parseBenchmark } from './measure-decode.ts';

const GIB = 2 ** 30;

describe('Node', () => {
  test.each([
    ['18.20.0', 'change'],
    ['20.18.1', 'change'],
    ['20.19.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('%s is %s', (version, level) => {
    expect(checkNode(version).level).toBe(level);
  });
});

describe('ffmpeg', () => {
  test('the one that the tests run with is fit', async () => {
    const findings = await checkFfmpeg(process.env);
    expect(findings.map((finding) => [finding.id, finding.level])).toEqual([
      ['ffmpeg', 'ok'],
      ['ffmpeg-parts', 'ok'],
    ]);
  });

  test('none at all is told with the way to get one', async () => {
    const [finding] = await checkFfmpeg({ FFMPEG_PATH: '/nowhere/ffmpeg' });
    expect(finding).toMatchObject({ id: 'ffmpeg', level: 'change' });
    expect(finding?.remedy?.en).toContain('apt-get install ffmpeg');
  });

  test('an old one and one without a part are told', () => {
    expect(judgeVersion('4.4.2', 4).level).toBe('change');
    expect(judgeVersion('N-109468-gd39b34123d', undefined).level).toBe('ok');
    expect(judgeParts(['decoder hevc']).text.en).toBe('This ffmpeg was built without: decoder hevc.');
  });

  test('listings are read by their columns, legends left out, aliases told apart', () => {
    const decoders =
      ' V..... = Video\n ------\n V....D h264                 H.264 / AVC\n VFS..D hevc       HEVC';
    expect([...parseListing('decoders', decoders)]).toEqual(['h264', 'hevc']);
    expect([...parseListing('demuxers', ' D. = Demuxing\n D  mov,mp4,m4a QuickTime / MOV')]).toEqual([
      'mov',
      'mp4',
      'm4a',
    ]);
    expect([...parseListing('protocols', 'Input:\n  file\n  rtmp\nOutput:\n  tcp')]).toEqual([
      'file',
      'rtmp',
      'tcp',
    ]);
    expect(NEEDED.protocols).toContain('rtmp');
  });
});

describe('models', () => {
  test('the built ones are intact and timed', async () => {
    const { findings, lookMs } = await checkModels('.cache/models', await knownModels());
    expect(findings.map((finding) => finding.level)).toEqual(findings.map(() => 'ok'));
    expect(lookMs.get('nanodet-g')).toBeGreaterThan(0.1);
  });

  test('unbuilt and damaged ones are told apart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-models-'));
    copyFileSync('.cache/models/nanodet-g.json', join(folder, 'nanodet-g.json'));
    writeFileSync(join(folder, 'nanodet-g.onnx'), 'not a model');
    const { findings, lookMs } = await checkModels(folder, await knownModels());
    const byId = new Map(findings.map((finding) => [finding.id, finding]));
    expect(byId.get('model-nanodet-g')?.facts).toMatchObject({ code: 'MODEL_INVALID' });
    expect(byId.get('model-movenet-multipose')?.facts).toMatchObject({ code: 'MODEL_NOT_BUILT' });
    expect(lookMs.size).toBe(0);
  });
});

describe('ports', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  test('a free one, one in use, and one left to the system', async () => {
    const held = await new Promise<number>((resolve) => {
      server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1', () => {
        const address = server?.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const use = (port: number) => ({ host: '127.0.0.1', port, key: 'api.port' });
    expect(await checkPorts([use(0)])).toEqual([]);
    const [finding] = await checkPorts([use(held)]);
    expect(finding).toMatchObject({ level: 'change', facts: { code: 'EADDRINUSE' } });
    expect(finding?.remedy?.en).toContain('api.port');
    server?.close();
    await new Promise((resolve) => server?.once('close', resolve));
    expect((await checkPorts([use(held)]))[0]?.level).toBe('ok');
  });

  test('one that a running Cabinwatch uses is as it should be', async () => {
    const api = createHttpServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end('{"ok":true,"parts":{"detector":true}}');
    });
    server = api.listen(0, '127.0.0.1');
    await new Promise((resolve) => api.once('listening', resolve));
    const { port } = api.address() as AddressInfo;
    const [finding] = await checkPorts([{ host: '127.0.0.1', port, key: 'api.port' }]);
    expect(finding).toMatchObject({ level: 'ok', facts: { running: true } });
  });

  test('an address of another machine is told as such', async () => {
    const [finding] = await checkPorts([{ host: '192.0.2.1', port: 8080, key: 'api.port' }]);
    expect(finding).toMatchObject({ level: 'change', facts: { code: 'EADDRNOTAVAIL' } });
  });
});

describe('machine', () => {
  test('too little of anything is told, enough is fine', () => {
    expect(checkMemory(1 * GIB).level).toBe('change');
    expect(checkMemory(8 * GIB).level).toBe('ok');
    expect(judgeDisk(1 * GIB, '/data').text.en).toContain('/data');
    expect(judgeDisk(50 * GIB, '/data').level).toBe('ok');
    expect(checkCpu(1).level).toBe('note');
    expect(checkCpu(4).level).toBe('ok');
    expect(checkLoad(0.3, 2)).toEqual([]);
    expect(checkLoad(1.7, 2)[0]?.level).toBe('note');
  });

  test('a clock that starts in 1970 is wrong; otherwise the local time is shown', () => {
    expect(checkClock(0, 'UTC').level).toBe('change');
    const finding = checkClock(Date.UTC(2026, 0, 2, 16, 30), 'Asia/Shanghai');
    expect(finding.level).toBe('ok');
    expect(finding.text.en).toContain('2026-01-03 00:30:00, time zone Asia/Shanghai');
  });
});

describe('capacity', () => {
  const load = { cores: 2, decode: 0.01, activeLook: 0.03, idleLook: 0.02, activeFps: 5, idleFps: 1 };

  test('is what the cores give divided by what a camera takes', () => {
    // 2 × 0.85 ÷ ((0.01 + 5 × 0.03) × 1.15) and ÷ ((0.01 + 0.2 × 5 × 0.03 + 0.8 × 0.02) × 1.15)
    expect(estimateCameras(load)).toEqual({ busy: 9, usual: 26 });
  });

  test('a machine that cannot carry one camera is told so', () => {
    expect(describeCapacity({ ...load, activeLook: 2 }).level).toBe('change');
    expect(describeCapacity(load).text.zh).toContain('26 路');
  });

  test('decoding is measured on this machine', async () => {
    expect(await measureDecodeLoad(5)).toBeGreaterThan(0.0005);
    expect(parseBenchmark('bench: utime=0.281s stime=0.042s rtime=0.352s')).toBeCloseTo(0.323);
    expect(parseBenchmark('nothing')).toBeUndefined();
  });
});

describe('a camera', () => {
  const good: CameraReport = {
    where: 'rtsp://***@192.0.2.11/stream2',
    codec: 'h264',
    profile: 'Main',
    width: 640,
    height: 360,
    fpsNominal: 15,
    fpsMeasured: 14.9,
    keyFrameIntervalMs: 1000,
    bFrames: false,
    bitsPerSecond: 900_000,
    audio: undefined,
    talkback: {
      kind: 'g711',
      backchannel: { law: 'pcm_alaw', rate: 8000, payloadType: 8, control: 'audioback' },
    },
    clockOffsetMs: 120,
    answeredAfterMs: 400,
  };

  test('as it should be has nothing to change', () => {
    expect(judgeCamera(good).map((finding) => finding.level)).toEqual(judgeCamera(good).map(() => 'ok'));
  });

  test.each<[string, string, Partial<CameraReport>, string]>([
    ['no loudspeaker', 'talkback', { talkback: { kind: 'none' } }, 'note'],
    ['a loudspeaker that could not be asked for', 'talkback', { talkback: undefined }, 'note'],
    ['a loudspeaker for AAC', 'talkback', { talkback: { kind: 'foreign', codecs: ['aac'] } }, 'note'],
    ['H.265', 'codec', { codec: 'hevc', profile: 'Main' }, 'note'],
    ['Motion JPEG', 'codec', { codec: 'mjpeg', profile: undefined }, 'change'],
    ['a large picture', 'size', { width: 2560, height: 1440 }, 'note'],
    ['a tiny picture', 'size', { width: 176, height: 144 }, 'change'],
    ['pictures lost on the way', 'fps', { fpsMeasured: 9 }, 'change'],
    ['few pictures', 'fps', { fpsNominal: 5, fpsMeasured: 5 }, 'change'],
    ['many pictures', 'fps', { fpsNominal: 50, fpsMeasured: 50 }, 'note'],
    ['key frames 4 s apart', 'key-frames', { keyFrameIntervalMs: 4000 }, 'note'],
    ['key frames 10 s apart', 'key-frames', { keyFrameIntervalMs: 10_000 }, 'change'],
    ['no second key frame', 'key-frames', { keyFrameIntervalMs: undefined }, 'change'],
    ['B-frames', 'b-frames', { bFrames: true }, 'note'],
    ['a high bit rate', 'bandwidth', { bitsPerSecond: 12e6 }, 'note'],
    ['a clock that is behind', 'clock', { clockOffsetMs: -90_000 }, 'change'],
    ['no clock', 'clock', { clockOffsetMs: undefined }, 'note'],
  ])('with %s is told so, and of that alone', (_name, id, over, level) => {
    const told = judgeCamera({ ...good, ...over }).filter((finding) => finding.level !== 'ok');
    expect(told).toMatchObject([{ id: `camera-${id}`, level }]);
    if (level === 'change') expect(told[0]?.remedy?.zh).toBeTruthy();
  });

  test('that is ahead is not called behind', () => {
    const clock = judgeCamera({ ...good, clockOffsetMs: 90_000 }).find(
      (finding) => finding.id === 'camera-clock',
    );
    expect(clock?.text).toEqual({
      en: 'its clock is 90.0 s ahead of ours',
      zh: '摄像头时钟比本机快 90.0 秒',
    });
  });
});

describe('the answer', () => {
  const bad: Finding = {
    id: 'x',
    level: 'change',
    text: { en: 'Bad.', zh: '不好。' },
    remedy: { en: 'Mend.', zh: '请修。' },
  };
  const good: Finding = { id: 'y', level: 'ok', text: { en: 'good', zh: '好' } };

  test('is in the language that was asked for, the remedy under its finding', () => {
    expect(formatFindings([good, bad], 'en')).toBe(
      '✓ good\n✗ Bad.\n  → Mend.\n\nOne thing has to be changed (✗).\n',
    );
    expect(formatFindings([good], 'zh')).toBe('✓ 好\n\n一切正常。\n');
  });

  test('the environment’s language is read as POSIX reads it', () => {
    expect(terminalLanguage({ LANG: 'zh_CN.UTF-8' })).toBe('zh');
    expect(terminalLanguage({ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_GB.UTF-8' })).toBe('en');
    expect(terminalLanguage({})).toBe('en');
  });
});
