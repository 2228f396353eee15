/// <reference lib="dom" />
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../app/index.ts';
import { parseConfig } from '../../config/index.ts';
import { silentLogger } from '../../core/index.ts';
import type { CalmingScript } from '../../signaling/index.ts';
import { temporaryDataDir } from '../fixtures/data-dir.ts';
import { startFaultProxy } from '../fixtures/fault-proxy.ts';
import { onePerson } from '../fixtures/one-person.ts';
import { G711, picture, type RtspServer, startRtspServer } from '../fixtures/rtsp-server.ts';
import { until } from '../fixtures/until.ts';
import { openCallBrowser } from './call-stage.ts';

const LIFT = 'tower-a-1';
/** Behind a line that breaks. */
const REMOTE = 'tower-a-2';
const PATIENCE = { timeout: 30_000, interval: 50 };
const SERVING = { door: 'closed', doorZone: true, floor: 7, direction: 'none', speed: 0, mode: 'normal' };
const STUCK = { ...SERVING, doorZone: false };

let camera: RtspServer;
let app: App;
let browser: Browser;
/** Two machines: the terminal in the cabin, and the centre. */
let terminal: BrowserContext;
let screen: Page;
let desk: Page;
/** What the controller says. */
let car: object = SERVING;
let speaking: NodeJS.Timeout;

const post = (path: string, body: object = {}): Promise<Response> =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Upright and lying, where somebody wants to look at them. */
const shot = async (name: string): Promise<void> => {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  for (const [way, width, height] of [
    ['portrait', 800, 1280],
    ['landscape', 1280, 800],
  ] as const) {
    await screen.setViewportSize({ width, height });
    await screen.screenshot({ path: `${folder}/cabin-${name}-${way}.png` });
  }
};

const stage = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.getElementById('screen')?.dataset.stage);
const shows = (wanted: string, page = screen) => expect.poll(() => stage(page), PATIENCE).toBe(wanted);
/** Of what is being said by the screen: how far it is, s; undefined while it is silent. */
const said = (page = screen): Promise<number | undefined> =>
  page.evaluate(() => {
    const voice = document.getElementById('voice') as HTMLAudioElement;
    return voice.paused ? undefined : voice.currentTime;
  });
const operatorFrames = (page: Page, selector: string): Promise<number> =>
  page.evaluate(
    (where) =>
      document.querySelector<HTMLVideoElement>(where)?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    selector,
  );

beforeAll(async () => {
  camera = await startRtspServer();
  await camera.mount({
    path: '/cabin',
    launch: picture({ width: 640, height: 360, fps: 15, gop: 30, audio: G711 }),
  });
  const url = `rtsp://127.0.0.1:${camera.port}/cabin`;
  const config = {
    lifts: [
      { id: LIFT, name: '一号楼 A 梯', camera: { url }, controller: {} },
      { id: REMOTE, name: '一号楼 B 梯', camera: { url }, controller: {} },
    ],
    incidents: { entrapment: { betweenSuspectSeconds: 1, betweenConfirmSeconds: 2 } },
    api: { port: 0, open: 'this-machine' },
    media: { rtmpPort: 0, httpPort: 0 },
    storage: { dataDir: temporaryDataDir() },
  };
  app = await createApp(parseConfig(JSON.stringify(config), 'the test'), {
    logger: silentLogger,
    models: onePerson,
  });
  // The first start of all on a machine records what screens say.
  await until(async () => {
    const script = await (await fetch(`${app.url}/cabin-page/calming.json`)).json();
    return Object.keys((script as CalmingScript).clips).length > 0;
  }, 90_000);
  speaking = setInterval(() => {
    post(`/api/controllers/${LIFT}/messages`, { ts: Date.now(), ...car }).catch(() => {});
    post(`/api/controllers/${REMOTE}/messages`, { ts: Date.now(), ...SERVING }).catch(() => {});
  }, 500);
  browser = await openCallBrowser();
  terminal = await browser.newContext({
    viewport: { width: 800, height: 1280 },
    timezoneId: 'Asia/Shanghai',
  });
  screen = await terminal.newPage();
  desk = await browser.newPage({ viewport: { width: 1280, height: 800 }, timezoneId: 'Asia/Shanghai' });
}, 120_000);

afterAll(async () => {
  clearInterval(speaking);
  await browser?.close();
  await app?.close();
  await camera?.kill();
}, 60_000);

describe('the screen in a cabin', () => {
  it('is paired by a code that is good once, and knows its lift after a power cut', async () => {
    const { code } = (await (await post(`/api/lifts/${LIFT}/terminal/invitations`)).json()) as {
      code: string;
    };
    await screen.goto(`${app.url}/cabin/${LIFT}`);
    await shot('pairing');
    await screen.fill('#code', 'WRNG-2345');
    await screen.click('#pair-button');
    await expect.poll(() => screen.locator('#pair-error').textContent(), PATIENCE).not.toBe('');
    await screen.fill('#code', code);
    await screen.click('#pair-button');
    await shows('well');
    expect((await post(`/api/cabins/${LIFT}/pairing`, { code })).status).toBe(401);
    await screen.close();
    screen = await terminal.newPage();
    await screen.goto(`${app.url}/cabin/${LIFT}`);
    await shows('well');
    await shot('well');
  }, 60_000);

  it('says what is being done as soon as people seem to be trapped, until somebody answers', async () => {
    car = STUCK;
    await shows('alarm');
    await expect.poll(() => said(), PATIENCE).toBeGreaterThan(0.2);
    await shot('noticed');
    await screen.click('#help');
    await expect.poll(() => screen.locator('#help').isVisible(), PATIENCE).toBe(false);
    await shot('alarm');
    const { items } = (await (await fetch(`${app.url}/api/incidents?kind=entrapment`)).json()) as {
      items: { id: string }[];
    };
    expect(items).toHaveLength(1);
    await post(`/api/incidents/${items[0]?.id}/acts`, { act: 'acknowledge' });
    await shows('seen');
    await post(`/api/incidents/${items[0]?.id}/acts`, { act: 'note', text: 'ETA 12 min' });
    await shows('help');
    expect(await screen.locator('#screen').textContent()).toContain('12');
    await shot('help');
  }, 60_000);

  it('answers a call by itself, shows that it is seen and heard, and is silent as soon as a human speaks', async () => {
    await desk.goto(`${app.url}/?lang=en`);
    await expect.poll(() => said(), PATIENCE).toBeGreaterThan(0);
    await desk.locator('.incident .call').first().click();
    await shows('call');
    await expect.poll(() => said(), PATIENCE).toBeUndefined();
    await expect.poll(() => operatorFrames(desk, '.call-video'), PATIENCE).toBeGreaterThan(0);
    await expect.poll(() => screen.locator('#live').isVisible(), PATIENCE).toBe(true);
    const microphone = await screen.evaluate(() => {
      const stream = (document.getElementById('operator') as HTMLVideoElement).srcObject as MediaStream;
      return stream.getAudioTracks().some(({ readyState, muted }) => readyState === 'live' && !muted);
    });
    expect(microphone).toBe(true);
    await shot('call');
    await desk.locator('#call-hang-up').click();
    await shows('help');
    expect(await screen.locator('#live').isVisible()).toBe(false);
  }, 60_000);

  it('says that the door is open, and nothing more; and that it is over', async () => {
    car = { ...SERVING, door: 'open' };
    await shows('door');
    await expect.poll(() => said(), PATIENCE).toBeUndefined();
    await shot('door');
    car = { ...STUCK, direction: 'up', speed: 1.5 };
    await shows('over');
    await shot('over');
  }, 60_000);

  it('keeps a call for help over a broken line and a power cut, speaks meanwhile, and sends it', async () => {
    const line = await startFaultProxy(Number(new URL(app.url).port));
    const address = `http://127.0.0.1:${line.port}/cabin/${REMOTE}`;
    const machine = await browser.newContext();
    try {
      let page = await machine.newPage();
      await page.goto(`${address}#here`);
      await shows('well', page);
      await expect.poll(() => page.evaluate(isKept), PATIENCE).toBe(true);
      await line.mode('refuse');
      await page.click('#help');
      await shows('unsent', page);
      await page.close();
      page = await machine.newPage();
      await page.goto(address);
      await shows('unsent', page);
      await expect.poll(() => said(page), PATIENCE).toBeGreaterThan(0.2);
      await line.mode('pass');
      await shows('alarm', page);
      const incidents = await (await fetch(`${app.url}/api/incidents?kind=entrapment`)).text();
      expect(incidents).toContain(REMOTE);
    } finally {
      await machine.close();
      await line.close();
    }
  }, 60_000);

  it('is shown out when it is revoked, and the camera answers calls again', async () => {
    const gone = await fetch(`${app.url}/api/lifts/${LIFT}/terminal`, { method: 'DELETE' });
    expect(gone.status).toBe(204);
    await expect.poll(() => screen.locator('#pair').isVisible(), PATIENCE).toBe(true);
    expect((await post(`/api/cabins/${LIFT}/alarm`)).status).toBe(401);
    const audit = await (await fetch(`${app.url}/api/audit?limit=500`)).text();
    for (const action of ['cabin.invited', 'cabin.paired', 'cabin.help-pressed', 'cabin.revoked'])
      expect(audit).toContain(action);
  }, 60_000);
});

/** Whether a screen has all that it needs in order to start and to speak without the service. */
async function isKept(): Promise<boolean> {
  const script = (await (await fetch('/cabin-page/calming.json')).json()) as { clips: object };
  const pages = await caches.open('cabin-page');
  const files = ['main.js', 'styles.css', 'calming.json'].map((name) => pages.match(`/cabin-page/${name}`));
  const page = pages.match(location.href);
  const sounds = await (await caches.open('cabin-voice')).keys();
  const kept = await Promise.all([page, ...files]);
  return kept.every(Boolean) && sounds.length >= Object.keys(script.clips).length;
}
