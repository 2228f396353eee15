import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, createApp } from '../../app/index.ts';
import { parseConfig } from '../../config/index.ts';
import { type AuditEntry, type Logger, silentLogger } from '../../core/index.ts';
import { type RtspSimulator, startRtspSimulator } from '../../simulator/index.ts';
import { temporaryDataDir } from '../fixtures/data-dir.ts';
import { openBrowser } from './browser.ts';
import { cabinClip } from './cabin-clip.ts';
import { readVideo } from './page-probes.ts';

const LIFT = 'tower-a-1';
const PATIENCE = { timeout: 60_000 };
const REASON = 'The owner asks after a lost bag';

let browser: Browser;
let simulator: RtspSimulator;
let app: App;
let page: Page;

/** A service at which people sign in, and its first admin on the watch page. */
beforeAll(async () => {
  simulator = await startRtspSimulator({
    cameras: [{ name: LIFT, file: await cabinClip(), user: 'viewer', password: 'secret' }],
  });
  const config = {
    lifts: [{ id: LIFT, name: 'Lift 1', camera: { url: simulator.url(LIFT) }, controller: {} }],
    api: { port: 0 },
    media: { rtmpPort: 0, httpPort: 0 },
    storage: { dataDir: temporaryDataDir() },
  };
  let token = '';
  const logger: Logger = {
    ...silentLogger,
    warn(fields) {
      if (typeof fields.setupToken === 'string') token = fields.setupToken;
    },
  };
  app = await createApp(parseConfig(JSON.stringify(config), 'the test'), { logger });
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, timezoneId: 'Asia/Shanghai' });
  const made = await page.request.post(`${app.url}/api/setup`, {
    data: { token, login: 'ann', name: 'Ann', password: 'a long enough password' },
  });
  expect(made.status()).toBe(201);
  await page.goto(`${app.url}/?lang=en`);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await simulator?.close();
}, 60_000);

const tile = () => page.locator('#wall .stage');
const large = () => page.locator('#large .stage');
const live = (stage: ReturnType<typeof tile>) => stage.getAttribute('data-live');

async function written(action: string): Promise<AuditEntry['data'][]> {
  const answer = await page.request.get(`${app.url}/api/audit?limit=500`);
  const entries = (await answer.json()) as AuditEntry[];
  return entries.filter((entry) => entry.action === action).map(({ data }) => data);
}

it('the wall hides faces; a cabin without an incident is shown for a reason, by keyboard alone', async () => {
  await expect.poll(() => live(tile()), PATIENCE).toBe('overview');
  expect(await tile().locator('.stage-mark').textContent()).toBe('Faces hidden');
  expect([...(await written('camera.watched')), ...(await written('camera.pictured'))]).toEqual([]);

  await page.locator('.card-open').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Look into Lift 1' });
  await expect.poll(() => dialog.count(), PATIENCE).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog.count()).toBe(0);
  await expect.poll(() => live(large()), PATIENCE).toBe('overview');
  await page.keyboard.press('Escape');
  await expect.poll(() => large().count()).toBe(0);

  await page.keyboard.press('Enter');
  await expect.poll(() => dialog.count(), PATIENCE).toBe(1);
  await page.keyboard.type('  x ');
  await page.keyboard.press('Enter');
  expect(await dialog.count()).toBe(1);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(REASON);
  await page.keyboard.press('Enter');
  await expect.poll(() => live(large()), PATIENCE).toBe('playing');
  await expect
    .poll(async () => (await large().locator('video').evaluate(readVideo)).frames, PATIENCE)
    .toBeGreaterThan(5);
  expect(await written('camera.watched')).toEqual([{ cameraId: LIFT, reason: REASON }]);
  expect(await live(tile())).toBe('overview');
  await page.keyboard.press('Escape');
}, 150_000);

it('with an incident the wall shows the cabin live, and nobody is asked', async () => {
  const say = () =>
    page.request.post(`${app.url}/api/controllers/${LIFT}/messages`, {
      data: { ts: Date.now(), door: 'open', direction: 'up', speed: 1, floor: 3, mode: 'normal' },
    });
  await expect
    .poll(
      async () => {
        expect((await say()).ok()).toBe(true);
        return live(tile());
      },
      { ...PATIENCE, interval: 500 },
    )
    .toBe('playing');
  expect(await page.locator('#reason').isVisible()).toBe(false);
  expect((await written('camera.watched')).at(-1)).toMatchObject({ incidentId: expect.any(String) });
}, 90_000);
