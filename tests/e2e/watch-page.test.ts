import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../app/index.ts';
import { parseConfig } from '../../config/index.ts';
import { silentLogger } from '../../core/index.ts';
import { type RtspSimulator, startRtspSimulator } from '../../simulator/index.ts';
import { temporaryDataDir } from '../fixtures/data-dir.ts';
import { openBrowser } from './browser.ts';
import { cabinClip } from './cabin-clip.ts';
import { naturalWidth, type Playing, paintedPixels, readVideo, scrollWidth } from './page-probes.ts';

const CAMERAS = ['tower-a-1', 'tower-a-2'] as const;
/** For what takes a camera, a model and a browser on a busy machine. */
const PATIENCE = { timeout: 60_000 };

let browser: Browser;
let simulator: RtspSimulator;
let app: App;
let page: Page;
const complaints: string[] = [];

function start(port: number): Promise<App> {
  const lifts = CAMERAS.map((id) => ({ id, name: `Lift ${id}`, camera: { url: simulator.url(id) } }));
  const ports = {
    api: { port, open: 'this-machine' },
    media: { rtmpPort: 0, httpPort: 0 },
    storage: { dataDir: temporaryDataDir() },
  };
  return createApp(parseConfig(JSON.stringify({ lifts, ...ports }), 'the test'), { logger: silentLogger });
}

beforeAll(async () => {
  const file = await cabinClip();
  simulator = await startRtspSimulator({
    cameras: CAMERAS.map((name) => ({ name, file, user: 'viewer', password: 'secret' })),
  });
  app = await start(0);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await simulator?.close();
}, 60_000);

afterEach(async () => {
  await page?.close();
  for (const id of CAMERAS) simulator.fault(id, 'none');
  expect(complaints.splice(0)).toEqual([]);
});

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 800 };

async function open(
  path = '/',
  prepare: (fresh: Page) => Promise<void> = async () => {},
  viewport = DESKTOP,
): Promise<void> {
  page = await browser.newPage({ viewport, timezoneId: 'Asia/Shanghai' });
  await prepare(page);
  // What the page itself throws; a camera that is away makes failed requests, which are no fault of the page.
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${app.url}${path}`);
}

const card = (id: string) => page.locator(`[data-camera="${id}"]`).first();
const chip = (id: string) => card(id).locator('.chip');

const playing = (id: string): Promise<Playing> => card(id).locator('video').evaluate(readVideo);

/** Waits until at least so many more pictures have been shown, and time has gone on. */
async function advance(id: string, frames: number): Promise<void> {
  const before = await playing(id).catch(() => ({ time: 0, frames: 0 }));
  await expect
    .poll(async () => {
      const now = await playing(id);
      // A player that has begun anew counts from nothing.
      return now.frames < before.frames || (now.frames - before.frames >= frames && now.time > before.time);
    }, PATIENCE)
    .toBe(true);
}

describe('the watch page', () => {
  it('shows every camera’s live picture, and it goes on', async () => {
    await open();
    for (const id of CAMERAS) {
      await expect.poll(async () => (await playing(id)).frames, PATIENCE).toBeGreaterThan(10);
      await advance(id, 30);
      await expect.poll(() => chip(id).textContent(), PATIENCE).toBe('在线');
    }
    expect(await page.locator('#total-online').textContent()).toBe('2 / 2');
  }, 150_000);

  it('counts people, draws them, and lists their coming and going', async () => {
    await open();
    await page.getByRole('button', { name: '全部' }).click();
    const row = page.locator('#events li[data-kind="occupancy"]').first();
    await expect.poll(() => row.locator('.event-what').textContent(), PATIENCE).toMatch(/人数 \d → \d/);
    expect(await row.locator('time').textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
    const people = card(CAMERAS[0]).locator('.card-people');
    await expect.poll(() => people.textContent(), PATIENCE).toBe('1 人');
    // Boxes are painted pixels of the canvas over the picture.
    const painted = card(CAMERAS[0]).locator('canvas');
    await expect.poll(() => painted.evaluate(paintedPixels), PATIENCE).toBeGreaterThan(200);
    await expect.poll(() => people.textContent(), PATIENCE).toBe('0 人');
  }, 150_000);

  it('speaks both languages and remembers which', async () => {
    await open();
    expect(await page.title()).toBe('轿厢守望');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.title()).toBe('Cabinwatch');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await expect.poll(() => chip(CAMERAS[0]).textContent(), PATIENCE).toBe('Online');
    await page.reload();
    expect(await page.title()).toBe('Cabinwatch');
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    // No text is left in the other language, nor any key without a text.
    expect(await page.locator('body').innerText()).not.toMatch(/Online|Events|state\.|kind\./);
  }, 120_000);

  it('says when a camera is away, since when, and shows it again when it is back', async () => {
    const [away, other] = CAMERAS;
    await open();
    await advance(away, 5);
    simulator.fault(away, 'die');
    await expect.poll(() => chip(away).textContent(), { timeout: 30_000 }).toBe('离线');
    await expect
      .poll(() => card(away).locator('.card-age').textContent(), PATIENCE)
      .toMatch(/最近画面：.*前/);
    expect(await card(away).locator('.card-people').textContent()).toBe('人数未知');
    await expect
      .poll(() => page.locator('#events li[data-kind="camera-offline"]').first().innerText(), PATIENCE)
      .toMatch(/摄像头离线[\s\S]*进行中|进行中[\s\S]*摄像头离线/);
    await advance(other, 15);
    simulator.fault(away, 'none');
    await expect.poll(() => chip(away).textContent(), { timeout: 30_000 }).toBe('在线');
    await advance(away, 15);
    await expect
      .poll(() => page.locator('#events li[data-kind="camera-offline"]').first().innerText(), PATIENCE)
      .toMatch(/持续/);
  }, 180_000);

  it('shows snapshots where live pictures cannot be had', async () => {
    await open('/?lang=en', async (fresh) => {
      await fresh.routeWebSocket(/\/live\//, (socket) => socket.close());
    });
    const image = card(CAMERAS[0]).locator('.stage img');
    await expect
      .poll(() => card(CAMERAS[0]).locator('.stage-mark').textContent(), PATIENCE)
      .toBe('Snapshots');
    const first = await image.getAttribute('src');
    await expect.poll(() => image.getAttribute('src'), PATIENCE).not.toBe(first);
    await expect.poll(() => image.evaluate(naturalWidth), PATIENCE).toBe(640);
  }, 120_000);

  it('can be used with the keyboard alone, and on a phone', async () => {
    await open('/?lang=en', undefined, PHONE);
    await expect.poll(() => page.locator('.card-open').count(), PATIENCE).toBe(2);
    expect(await page.locator('html').evaluate(scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await page.locator('.card-open').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const large = page.getByRole('dialog');
    expect(await large.locator('.card-name').textContent()).toBe(`Lift ${CAMERAS[1]}`);
    await expect
      .poll(async () => (await large.locator('video').evaluate(readVideo)).frames, PATIENCE)
      .toBeGreaterThan(5);
    await page.keyboard.press('Escape');
    await expect.poll(() => large.count(), PATIENCE).toBe(0);
  }, 120_000);

  it('says so when the service is away, and goes on with the one that comes back', async () => {
    await open();
    const notice = page.locator('#notice');
    await expect.poll(() => chip(CAMERAS[0]).textContent(), PATIENCE).toBe('在线');
    expect(await notice.isVisible()).toBe(false);
    const port = Number(new URL(app.url).port);
    await app.close();
    await expect.poll(() => notice.textContent(), PATIENCE).toMatch(/已断开/);
    app = await start(port);
    await expect.poll(() => notice.isVisible(), PATIENCE).toBe(false);
    await advance(CAMERAS[0], 15);
  }, 180_000);
});
