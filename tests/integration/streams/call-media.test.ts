import { afterEach, expect, it } from 'vitest';
import { createCamera } from '../../../streams/index.ts';
import { G711, H264, picture, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, until } from './harness.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** What comes of a camera's picture for a call, ms after it was asked for, for a while. */
async function pictures(launch: string, seconds: number): Promise<number[]> {
  const server = await startRtspServer();
  cleanup.add(() => server.kill());
  await server.mount({ path: '/cam', launch });
  const camera = createCamera({
    cameraId: 'cam',
    liftId: 'lift',
    url: `rtsp://127.0.0.1:${server.port}/cam`,
  });
  cleanup.add(() => camera.close());
  await until(camera, 'online', 20_000);
  const start = performance.now();
  const times: number[] = [];
  const stop = new AbortController();
  for await (const _ of camera.callMedia().video(stop.signal)) {
    times.push(performance.now() - start);
    if (performance.now() - start > seconds * 1000) stop.abort();
  }
  return times;
}

it('begins with the key frame that has been, however long ago', async () => {
  // The next one comes 20 s later.
  const [first = Number.POSITIVE_INFINITY] = await pictures(picture({ fps: 10, gop: 200 }), 1);
  note('call media', { 'first picture of a camera with rare key frames, ms': first });
  expect(first).toBeLessThan(8000);
});

it('shows as many pictures as the camera sends, also when sound in long packets brings them in twos', async () => {
  const longPackets = `${G711} min-ptime=200000000`;
  const times = await pictures(picture({ fps: 15, encode: H264(), audio: longPackets }), 6);
  const late = times.filter((time) => time > 2000);
  const fps = (late.length - 1) / ((late.at(-1)! - late[0]!) / 1000);
  note('call media', { 'pictures a second of 15, sound in packets of 200 ms': fps });
  expect(fps).toBeGreaterThan(12);
});
