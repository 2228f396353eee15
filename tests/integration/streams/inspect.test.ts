import { afterAll, expect, it } from 'vitest';
import { inspectCamera } from '../../../streams/index.ts';
import { B_FRAMES, G711, picture, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, note } from './harness.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

it('says what a camera really sends', async () => {
  const server = await startRtspServer();
  cleanup.add(() => server.kill());
  const launch = picture({ fps: 10, gop: 15, encode: B_FRAMES, audio: G711 });
  await server.mount({ path: '/cam', launch, user: 'admin', password: 'p@ss' });
  const report = await inspectCamera(`rtsp://admin:p%40ss@127.0.0.1:${server.port}/cam`);
  note('inspect', {
    fps: report.fpsMeasured,
    'key frames ms': report.keyFrameIntervalMs ?? 'unknown',
    'kbit/s': report.bitsPerSecond / 1000,
    'clock ms': report.clockOffsetMs ?? 'unknown',
  });
  expect(report).toMatchObject({
    where: `rtsp://127.0.0.1:${server.port}/cam`,
    codec: 'h264',
    width: 192,
    height: 108,
    fpsNominal: 10,
    bFrames: true,
    audio: { codec: 'pcm_alaw', sampleRate: 8000 },
  });
  expect(report.fpsMeasured).toBeGreaterThan(6);
  expect(report.fpsMeasured).toBeLessThan(14);
  expect(report.keyFrameIntervalMs).toBeGreaterThan(1000);
  expect(report.keyFrameIntervalMs).toBeLessThan(2500);
  expect(report.bitsPerSecond).toBeGreaterThan(20_000);
  // Its clock is ours; it need not tell.
  expect(Math.abs(report.clockOffsetMs ?? 0)).toBeLessThan(2000);
  const wrong = inspectCamera(`rtsp://admin:wrong@127.0.0.1:${server.port}/cam`);
  await expect(wrong).rejects.toMatchObject({ code: 'CAMERA_UNAUTHORIZED', reason: 'unauthorized' });
}, 60_000);
