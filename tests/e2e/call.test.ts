import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { timeLimit } from '../fixtures/time-limit.ts';
import { CallPage, CallStage, openCallBrowser } from './call-stage.ts';

const PATIENCE = { timeout: 15_000, interval: 20 };
/** For figures, 20. */
const CALLS = Number(process.env.CALLS ?? 6);
const P95 = Math.ceil(0.95 * CALLS) - 1;

let stage: CallStage;
/** Two browsers, as there are two machines. */
let atDesk: Browser;
let inCabin: Browser;

beforeAll(async () => {
  [stage, atDesk, inCabin] = await Promise.all([CallStage.open(), openCallBrowser(), openCallBrowser()]);
}, 60_000);

afterAll(async () => {
  await atDesk?.close();
  await inCabin?.close();
  await stage?.close();
});

const pages: CallPage[] = [];
afterEach(async () => {
  for (const { page } of pages.splice(0)) await page.close();
});

let lifts = 0;
const freshLift = (): string => {
  lifts += 1;
  return `lift-${lifts}`;
};

async function open(browser: Browser, address: string): Promise<CallPage> {
  const page = await CallPage.open(await browser.newContext(), address);
  pages.push(page);
  await expect.poll(() => page.text('link'), PATIENCE).toBe('up');
  return page;
}

async function openPair(lift = freshLift()): Promise<{ lift: string; cabin: CallPage; operator: CallPage }> {
  const cabin = await open(inCabin, stage.address('cabin', `terminal-${lift}`, lift));
  const operator = await open(atDesk, stage.address('operator', `operator-${lift}`, lift));
  return { lift, cabin, operator };
}

async function call({ cabin, operator }: { cabin: CallPage; operator: CallPage }): Promise<void> {
  await operator.click('start');
  await Promise.all([operator.more(), cabin.more()]);
  await expect.poll(() => operator.text('state'), PATIENCE).toBe('connected');
}

describe('a call between two browsers', () => {
  it('is seen and heard on both sides within 3 s of the click, 19 times in 20', async () => {
    const { cabin, operator } = await openPair();
    const took: number[] = [];
    for (let n = 0; n < CALLS; n += 1) {
      const from = Date.now();
      await operator.click('start');
      const both = await Promise.all([operator.more(1), cabin.more(1)]);
      took.push(Math.max(...both) - from);
      await expect.poll(() => operator.text('state'), PATIENCE).toBe('connected');
      expect(await cabin.text('local')).toBe('on');
      await operator.click('hang-up');
      await expect.poll(() => cabin.text('state'), PATIENCE).toBe('ended');
      expect(await cabin.text('local')).toBe('off');
    }
    took.sort((a, b) => a - b);
    console.log(
      `call: click to pictures and sound on both sides, ms: p50 ${took[Math.ceil(CALLS / 2) - 1]}, p95 ${took[P95]}, most ${took.at(-1)}`,
    );
    expect(took[P95]).toBeLessThanOrEqual(timeLimit(3000));
  }, 120_000);

  it('goes on while signaling is away, and is the same call when it is back', async () => {
    const pair = await openPair();
    await call(pair);
    const { cabin, operator } = pair;
    const [id] = [...stage.calls.records.values()]
      .filter(({ state }) => state === 'connected')
      .map((one) => one.id);
    await stage.stop();
    await expect
      .poll(() => Promise.all([operator.text('link'), cabin.text('link')]), PATIENCE)
      .toEqual(['down', 'down']);
    const during = await operator.media();
    await Promise.all([operator.more(15), cabin.more(15)]);
    expect(await operator.text('state')).toBe('connected');

    await stage.start();
    await expect
      .poll(() => Promise.all([operator.text('link'), cabin.text('link')]), PATIENCE)
      .toEqual(['up', 'up']);
    await Promise.all([operator.more(15), cabin.more(15)]);
    // Not a new connection: its counters have gone on.
    expect((await operator.media()).frames).toBeGreaterThan(during.frames);
    expect(stage.signaling.stats().calls).toEqual({ connected: 1 });
    await operator.click('hang-up');
    await expect.poll(() => cabin.text('state'), PATIENCE).toBe('ended');
    expect(stage.calls.records.get(id!)).toMatchObject({
      state: 'ended',
      endReason: 'hung-up',
      incidentId: 'incident-1',
    });
  }, 60_000);

  it.each(['cabin', 'operator'] as const)(
    'is taken up within 5 s by a %s’s page that is loaded anew',
    async (who) => {
      const pair = await openPair();
      await call(pair);
      const from = Date.now();
      await pair[who].page.reload();
      const back = await Promise.all([pair.operator.more(), pair.cabin.more()]);
      console.log(`call: media after the ${who}’s reload, ms: ${Math.max(...back) - from}`);
      expect(Math.max(...back) - from).toBeLessThanOrEqual(timeLimit(5000));
      await expect.poll(() => pair.operator.text('state'), PATIENCE).toBe('connected');
    },
    60_000,
  );

  it('is one operator’s: a second is told whose, a supervisor listens and takes over', async () => {
    const pair = await openPair();
    await call(pair);
    const { lift, cabin, operator } = pair;
    const second = await open(atDesk, stage.address('operator', 'operator-2', lift));
    await second.click('start');
    await expect
      .poll(() => second.text('refused'), PATIENCE)
      .toBe(`BUSY: Name of operator-${lift} has this call. Name of operator-${lift}`);
    expect((await second.media()).frames).toBe(0);

    const supervisor = await open(atDesk, stage.address('supervisor', 'supervisor-1', lift));
    await supervisor.click('listen');
    await supervisor.more();
    // Of the cabin and of the operator; neither gets anything of who only listens.
    expect((await supervisor.media()).routes).toHaveLength(2);
    expect(await supervisor.text('local')).toBe('off');

    await supervisor.click('take-over');
    await expect.poll(() => operator.text('holder'), PATIENCE).toBe('Name of supervisor-1');
    await expect.poll(() => supervisor.text('local'), PATIENCE).toBe('on');
    await Promise.all([supervisor.more(), cabin.more()]);
    await expect.poll(() => supervisor.text('state'), PATIENCE).toBe('connected');
    expect((await cabin.media()).routes).toHaveLength(1);
    expect((await operator.media()).routes).toHaveLength(0);
    await operator.click('hang-up');
    await expect.poll(() => operator.text('refused'), PATIENCE).toMatch(/^NOT_ALLOWED/);
    expect(await cabin.text('state')).toBe('connected');
  }, 60_000);

  it('is recorded by one whom nobody sees in the room', async () => {
    const pair = await openPair();
    const recorder = await open(atDesk, stage.address('recorder', 'recorder-1', pair.lift));
    await call(pair);
    await recorder.more();
    expect((await recorder.media()).routes).toHaveLength(2);
    expect(await recorder.text('local')).toBe('off');
    expect(await pair.cabin.page.locator('video').count()).toBe(1);
  }, 60_000);

  it('ends for a guest when the link runs out, and the link opens nothing more', async () => {
    const lift = freshLift();
    const cabin = await open(inCabin, stage.address('cabin', 'terminal-g', lift));
    const guest = await open(atDesk, stage.address('guest', 'link-1', lift, { ms: '4000' }));
    await call({ cabin, operator: guest });
    await expect.poll(() => guest.text('link'), PATIENCE).toBe('refused: expired');
    await expect.poll(() => cabin.text('holder'), PATIENCE).toBe('withdrawn');
    expect(await cabin.text('local')).toBe('off');
  }, 60_000);

  it('loses the voice of whom the right is withdrawn, and ends when all are', async () => {
    const pair = await openPair();
    await call(pair);
    const { lift, cabin, operator } = pair;
    stage.signaling.withdraw(lift, `operator-${lift}`, ['publish']);
    // No more comes to the cabin; the operator still sees it.
    const quiet = async (): Promise<boolean> => {
      const before = await cabin.media();
      await operator.more(5);
      return (await cabin.media()).frames === before.frames;
    };
    await expect.poll(quiet, PATIENCE).toBe(true);
    stage.signaling.withdraw(lift, `operator-${lift}`);
    await expect.poll(() => operator.text('link'), PATIENCE).toBe('refused: withdrawn');
    await expect.poll(() => cabin.text('holder'), PATIENCE).toBe('withdrawn');
  }, 60_000);

  it('lets a second page of the same operator take the first one’s place', async () => {
    const pair = await openPair();
    await call(pair);
    const again = await open(atDesk, stage.address('operator', `operator-${pair.lift}`, pair.lift));
    await expect.poll(() => pair.operator.text('link'), PATIENCE).toBe('refused: replaced');
    await Promise.all([again.more(), pair.cabin.more()]);
    expect(await again.text('state')).toBe('connected');
  }, 60_000);
});
