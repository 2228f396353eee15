import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Value } from 'typebox/value';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Api, ApiOptions, createApi } from '../../../api/index.ts';
import { buildConsole } from '../../../console/index.ts';
import { type Logger, silentLogger } from '../../../core/index.ts';
import { openBrowser } from '../../e2e/browser.ts';
import { MemoryAccounts } from './site/memory-accounts.ts';
import { aCamera, MemoryWall } from './site/memory-wall.ts';

const PASSWORD = 'correct horse battery';
const PATIENCE = { timeout: 30_000 };

let pageDir: string;
let browser: Browser;
beforeAll(async () => {
  pageDir = await mkdtemp(join(tmpdir(), 'cabinwatch-page-'));
  await buildConsole({ outDir: pageDir });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rm(pageDir, { recursive: true, force: true });
});

let api: Api;
let page: Page;
const complaints: string[] = [];
afterEach(async () => {
  await page?.close();
  await api?.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function start(open: ApiOptions['open'] = 'nobody') {
  const accounts = new MemoryAccounts();
  const logged: Record<string, unknown>[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => void logged.push({ ...fields }) };
  const wall = new MemoryWall([aCamera('car-a', 'lift-a')]);
  api = await createApi({ ...Value.Create(ApiOptions), port: 0, open }, { wall, logger, accounts, pageDir });
  page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  return { accounts, wall, token: String(logged[0]?.setupToken) };
}

const enter = async (login: string, password: string): Promise<void> => {
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('#enter').click();
};
const where = (): string => new URL(page.url()).pathname;

it('a new site’s first admin is made on the page; out, wrong, in again; and back when the session ends', async () => {
  const { accounts, token } = await start();
  await page.goto(`${api.url}/sign-in.html#setup=${token}`);
  await page.locator('#name').fill('管理员');
  await enter('Root', PASSWORD);
  await expect.poll(() => page.locator('#sign-out').isVisible(), PATIENCE).toBe(true);
  expect((await accounts.users()).map(({ login, name }) => `${login} ${name}`)).toEqual(['root 管理员']);
  await expect.poll(() => page.locator('.card-name').count(), PATIENCE).toBe(1);

  await page.getByRole('button', { name: '退出登录' }).click();
  await expect.poll(where, PATIENCE).toBe('/sign-in.html');
  await page.getByRole('button', { name: 'English' }).click();
  await enter('root', 'wrong password');
  await expect
    .poll(() => page.locator('#trouble').textContent(), PATIENCE)
    .toBe('User name or password is wrong.');
  await enter('root', PASSWORD);
  await expect.poll(() => page.locator('#sign-out').textContent(), PATIENCE).toBe('Sign out');

  const [user] = await accounts.users();
  await accounts.removeSessionsOf(user?.id ?? '');
  await expect.poll(where, PATIENCE).toBe('/sign-in.html');
}, 120_000);

it('where nobody has to sign in, nothing speaks of it', async () => {
  await start('this-machine');
  await page.goto(api.url);
  await expect.poll(() => page.locator('.card-name').count(), PATIENCE).toBe(1);
  await expect.poll(() => page.locator('#line').getAttribute('data-line'), PATIENCE).toBe('live');
  expect([await page.locator('#sign-out').isVisible(), where()]).toEqual([false, '/']);
}, 60_000);

it('the operator is told when records or alarms do not get through, and when they do again', async () => {
  const { wall } = await start('this-machine');
  wall.parts = { storage: false, alarms: false };
  await page.goto(`${api.url}/?lang=en`);
  const notice = page.locator('#notice');
  await expect.poll(() => notice.textContent(), PATIENCE).toMatch(/cannot be written.*does not take alarms/);
  wall.parts = { storage: true, alarms: true };
  wall.tell({ type: 'camera', data: aCamera('car-a', 'lift-a') });
  await expect.poll(() => notice.isVisible(), PATIENCE).toBe(false);
}, 60_000);
