// `npx tsx tests/e2e/take-cabin-screenshots.ts [FOLDER]`: takes a picture of the cabin's screen in each state, lying and upright, at
// the size of a 10-inch screen. Without a folder, those that the documentation shows go into docs/images.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { Value } from 'typebox/value';
import type { Known, Stage } from '../../console/index.ts';
import { type CabinAlarm, type CabinStatus, projectRoot } from '../../core/index.ts';
import { loadCalmingMessages } from '../../signaling/index.ts';
import { RecordingOptions } from '../../streams/index.ts';
import { openBrowser, requireChineseFont } from './browser.ts';

const WAYS = { landscape: { width: 1280, height: 800 }, portrait: { width: 800, height: 1280 } } as const;
const PAGE = join(projectRoot(), 'console/cabin/page');
const NOW = Date.UTC(2026, 4, 4, 6, 3);

interface Scene {
  readonly name: string;
  readonly stage: Stage;
  readonly alarm?: Partial<CabinAlarm>;
  readonly known?: Partial<Known>;
  readonly call?: object;
  /** Id of what is being said. */
  readonly says?: string;
}

const live = { state: 'connected', camera: true, microphone: true, seen: true, heard: true };
const { consent } = Value.Default(RecordingOptions, {}) as RecordingOptions;
const seen = { phase: 'acknowledged', seenAt: NOW } as const;
const help = { ...seen, help: { saidAt: NOW, arrivesAt: NOW + 12 * 60_000 } };
const SCENES: readonly Scene[] = [
  { name: 'pairing', stage: 'pairing', known: { paired: false } },
  { name: 'well', stage: 'well' },
  { name: 'away', stage: 'away', known: { away: true } },
  { name: 'sending', stage: 'sending', known: { press: 'sending' } },
  { name: 'unsent', stage: 'unsent', known: { press: 'unsent', away: true }, says: 'not-sent-yet' },
  { name: 'running', stage: 'running', known: { press: 'running' } },
  { name: 'noticed', stage: 'alarm', alarm: { phase: 'suspected', pressed: false }, says: 'noticed' },
  { name: 'alarm', stage: 'alarm', alarm: {}, says: 'received' },
  { name: 'seen', stage: 'seen', alarm: seen, says: 'breathe' },
  { name: 'help', stage: 'help', alarm: help, says: 'held' },
  { name: 'help-offline', stage: 'help', alarm: help, says: 'let-them-work', known: { away: true } },
  { name: 'connecting', stage: 'connecting', alarm: seen, call: { state: 'ringing' } },
  { name: 'call', stage: 'call', alarm: seen, call: live },
  { name: 'connecting-recorded', stage: 'connecting', alarm: seen, call: { state: 'ringing', consent } },
  { name: 'call-recorded', stage: 'call', alarm: seen, call: { ...live, consent } },
  {
    name: 'call-recorded-weak',
    stage: 'call',
    alarm: seen,
    call: { ...live, consent, state: 'reconnecting' },
  },
  { name: 'call-sound-only', stage: 'call', alarm: seen, call: { ...live, seen: false } },
  { name: 'call-weak', stage: 'call', alarm: seen, call: { ...live, state: 'reconnecting' } },
  { name: 'door', stage: 'door', alarm: seen },
  { name: 'over', stage: 'over', alarm: { phase: 'relieved', relievedAt: NOW } },
];

/** `height`: of each, pixels. */
const IN_DOCS = [
  { name: 'cabin-screen-help', shots: ['help-landscape'], columns: 1, height: 600 },
  {
    name: 'cabin-screen-upright',
    shots: ['well-portrait', 'alarm-portrait', 'call-portrait'],
    columns: 3,
    height: 800,
  },
  {
    name: 'cabin-screen-states',
    shots: SCENES.map(({ name }) => `${name}-landscape`),
    columns: 4,
    height: 280,
  },
];
const GAP = 16;

const folder = process.argv[2];
requireChineseFont();
const browser = await openBrowser();
try {
  const page = await browser.newPage({ timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  await open(page);
  const taken = new Map<string, Buffer>();
  for (const scene of SCENES)
    for (const [way, size] of Object.entries(WAYS)) {
      await page.setViewportSize(size);
      await page.evaluate(
        (picture) => (globalThis as unknown as { show(picture: object): void }).show(picture),
        await pictureOf(scene),
      );
      await page.waitForTimeout(100);
      taken.set(`${scene.name}-${way}`, await page.screenshot());
    }
  if (folder) {
    await mkdir(folder, { recursive: true });
    for (const [name, png] of taken) await sharp(png).toFile(join(folder, `cabin-${name}.png`));
  } else {
    for (const { name, shots, ...sheet } of IN_DOCS) {
      const pictures = shots.map((shot) => taken.get(shot) as Buffer);
      await together(pictures, sheet, join(projectRoot(), 'docs/images', `${name}.png`));
    }
  }
} finally {
  await browser.close();
}

/** The real page and its drawing, without a service behind it. */
async function open(page: Page): Promise<void> {
  const entry = `
    import { createScreen } from './screen.ts';
    import { WORDS } from './words.ts';
    const screen = createScreen(() => {});
    globalThis.show = (picture) => {
      screen.show(picture);
      document.getElementById('pair').hidden = picture.stage !== 'pairing';
    };
    document.getElementById('pair-button').textContent = WORDS.pair.zh + ' ' + WORDS.pair.en;
    const paper = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const draw = paper.getContext('2d');
    draw.fillStyle = '#8fa7b8';
    draw.fillRect(0, 0, 640, 480);
    for (const [colour, x, y, across, down] of [
      ['#3d5a73', 320, 480, 210, 170], ['#e2b48f', 320, 215, 88, 112], ['#33291f', 320, 130, 100, 62],
    ]) {
      draw.fillStyle = colour;
      draw.beginPath();
      draw.ellipse(x, y, across, down, 0, 0, 7);
      draw.fill();
    }
    const operator = document.getElementById('operator');
    operator.muted = true;
    operator.srcObject = paper.captureStream();
    globalThis.painter = setInterval(() => draw.fillRect(320, 120, 1, 1), 50);`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: PAGE, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
  });
  const files: Record<string, [string, string | Uint8Array]> = {
    '/cabin/lift': ['text/html', await readFile(join(PAGE, 'index.html'))],
    '/cabin-page/styles.css': ['text/css', await readFile(join(PAGE, 'styles.css'))],
    '/cabin-page/main.js': ['text/javascript', outputFiles[0]?.contents ?? ''],
  };
  await page.route('**/*', (route) => {
    const [contentType, body] = files[new URL(route.request().url()).pathname] ?? [];
    return body === undefined
      ? route.abort()
      : route.fulfill({ contentType: `${contentType}; charset=utf-8`, body: Buffer.from(body) });
  });
  await page.goto('http://localhost/cabin/lift');
}

async function pictureOf({ stage, alarm, known, call, says }: Scene): Promise<object> {
  const status: CabinStatus = {
    liftId: 'lift',
    at: NOW,
    door: stage === 'door' ? 'open' : 'closed',
    ...(alarm && {
      alarm: { incidentId: '1', phase: 'confirmed', receivedAt: NOW, pressed: true, ...alarm },
    }),
  };
  const said = (await loadCalmingMessages()).find(({ id }) => id === says);
  const message = said && {
    zh: said.zh.replace('{time}', '14:03'),
    en: said.en.replace('{time}', '14:03'),
  };
  return {
    stage,
    known: { paired: true, status, away: false, press: 'none', call: undefined, now: NOW, ...known },
    call,
    message,
  };
}

/** In rows, smaller than they are; 256 colours are plenty. */
async function together(
  shots: readonly Buffer[],
  { columns, height }: { columns: number; height: number },
  file: string,
): Promise<void> {
  const small = await Promise.all(
    shots.map((shot) => sharp(shot).resize({ height }).toBuffer({ resolveWithObject: true })),
  );
  const width = small[0]?.info.width ?? 0;
  const across = (count: number, size: number): number => count * (size + GAP) - GAP;
  const layers = small.map(({ data }, k) => ({
    input: data,
    left: (k % columns) * (width + GAP),
    top: Math.floor(k / columns) * (height + GAP),
  }));
  const { size } = await sharp({
    create: {
      width: across(columns, width),
      height: across(Math.ceil(shots.length / columns), height),
      channels: 3,
      background: '#ffffff',
    },
  })
    .composite(layers)
    .png({ palette: true, quality: 90 })
    .toFile(file);
  console.log(`${file}: ${Math.round(size / 1024)} kB`);
}
