import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium, which `npm test` installs; nothing is downloaded, and it asks nobody outside. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? CANDIDATES.find((path) => existsSync(path));
  if (!executablePath) {
    throw new Error('Chromium is missing. Install it (Debian: apt install chromium) or name it in CHROMIUM.');
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** For pictures that people look at: without a font for it, every Chinese character is an empty box. */
export function requireChineseFont(): void {
  if (execFileSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).trim() === '')
    throw new Error('There is no Chinese font. Install one (Debian: apt install fonts-noto-cjk).');
}
