// `npx tsx tests/e2e/take-screenshots.ts`: takes the pictures of the watch page that the documentation shows, from the demo's
// own clips, into docs/images.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { readDemoClips, startDemo } from '../../app/index.ts';
import { createLogger, projectRoot } from '../../core/index.ts';
import { openBrowser, requireChineseFont } from './browser.ts';

const SHOTS = [
  { name: 'watch-page-zh', lang: 'zh', width: 1440, height: 860 },
  { name: 'watch-page-en', lang: 'en', width: 1440, height: 860 },
  { name: 'watch-page-phone', lang: 'zh', width: 390, height: 844 },
] as const;
/** An alarm that goes on makes the picture tell more; it is waited for no longer than this. */
const PATIENCE_MS = 90_000;

/** Until every tile shows its live picture. */
const PLAYING_MS = 7000;

requireChineseFont();
const root = projectRoot();
const folder = join(root, 'docs', 'images');
await mkdir(folder, { recursive: true });
const clips = await readDemoClips(join(root, 'datasets', 'synthetic', 'clips'));
const demo = await startDemo({ clips, port: 0, loop: true }, { logger: createLogger({ level: 'error' }) });
const browser = await openBrowser();
try {
  for (const shot of SHOTS) {
    await untilAlarm();
    const page = await browser.newPage({ viewport: shot, timezoneId: 'Asia/Shanghai' });
    await page.goto(`${demo.app.url}/?lang=${shot.lang}`);
    await page.waitForTimeout(PLAYING_MS);
    const file = join(folder, `${shot.name}.png`);
    // 256 colours are plenty for a dark page and a third of the size.
    const { size } = await sharp(await page.screenshot())
      .png({ palette: true, quality: 90 })
      .toFile(file);
    console.log(`${file}: ${Math.round(size / 1024)} kB`);
    await page.close();
  }
} finally {
  await browser.close();
  await demo.close();
}

async function untilAlarm(): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  const alarm = (): boolean =>
    demo.app.state
      .cameras()
      .some(({ active }) => active.some((a) => a.kind === 'fall' || a.kind === 'ebike'));
  while (!alarm() && Date.now() < until) await sleep(200);
}
