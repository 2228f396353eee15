import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../../config/index.ts';
import { type CameraHealth, silentLogger, systemClock } from '../../core/index.ts';
import { createMediaServer, type MediaServer } from '../../streams/index.ts';
import { until } from '../../tests/fixtures/until.ts';
import { CameraFleet } from './camera-fleet.ts';

let media: MediaServer;
let fleet: CameraFleet;
beforeEach(async () => {
  const { media: options } = parseConfig('media: { rtmpPort: 0, httpPort: 0 }', 'the test');
  media = await createMediaServer(options, { logger: silentLogger, clock: systemClock });
});
afterEach(async () => {
  await fleet.close();
  await media.close();
});

/** Waits for somebody who pushes, and starts no process. */
const lift = (id: string, camera: object = { publishKey: '12345678' }, name = id) => {
  const [made] = parseConfig(JSON.stringify({ lifts: [{ id, name, camera }] }), 'the test').lifts;
  if (!made) throw new Error('there is one');
  return made;
};

test('a camera is started anew only where its own settings change, and is gone with its lift', async () => {
  const started: string[] = [];
  const health: CameraHealth[] = [];
  fleet = new CameraFleet([lift('a'), lift('b')], {
    media,
    logger: silentLogger,
    clock: systemClock,
    onHealth: (one) => health.push(one),
    onCamera: ({ liftId }) => started.push(liftId),
  });
  await until(() => started.length === 2);
  const before = fleet.cameras.get('a');
  await fleet.put(lift('a', { publishKey: '12345678' }, 'Tower A'));
  expect(fleet.cameras.get('a')).toBe(before);
  await fleet.put(lift('a', { publishKey: 'another-key' }));
  expect(fleet.cameras.get('a')).not.toBe(before);
  await fleet.put(lift('c'));
  await fleet.remove('b');
  expect([...fleet.cameras.keys()].sort()).toEqual(['a', 'c']);
  expect(started).toEqual(['a', 'b', 'a', 'c']);
  expect(new Set(health.map(({ liftId }) => liftId))).toEqual(new Set(['a', 'b', 'c']));
});

test('a camera that cannot even be tried is offline, and the next one starts', async () => {
  const health = new Map<string, CameraHealth>();
  // Two origins, which a configuration file is not let through with.
  const broken = { ...lift('broken'), camera: { ...lift('broken').camera, file: '/nowhere.mp4' } };
  fleet = new CameraFleet([broken, lift('good')], {
    media,
    logger: silentLogger,
    clock: systemClock,
    onHealth: (one) => health.set(one.liftId, one),
    onCamera: () => {},
  });
  await until(() => fleet.cameras.has('good'));
  expect(health.get('broken')).toMatchObject({ state: 'offline', error: { code: 'CONFIG_INVALID' } });
  expect(fleet.cameras.has('broken')).toBe(false);
});
