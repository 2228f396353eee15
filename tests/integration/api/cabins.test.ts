import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cabins } from '../../../api/index.ts';
import { type CabinStatus, CabinwatchError, ManualClock } from '../../../core/index.ts';
import { createCabinBoard, createTerminals } from '../../../signaling/index.ts';
import { temporaryDataDir } from '../../fixtures/data-dir.ts';
import { anIncident } from './site/memory-incidents.ts';
import { type Site, START, startSite, type Visitor } from './site/start-site.ts';

/** The screen of lift A: real pairing and a real board; whoever presses for help gets an alarm. */

let site: Site;
let cabins: Cabins;
let engineer: Visitor;
let changed: (liftId: string) => void;

beforeEach(async () => {
  const clock = new ManualClock(START);
  const board = createCabinBoard({
    incidents: (liftId) => site.incidents.openNow().filter((one) => one.liftId === liftId),
    car: () => undefined,
    clock,
  });
  changed = board.changed;
  cabins = {
    terminals: await createTerminals({ dir: join(temporaryDataDir(), 'terminals'), clock }),
    board,
    raiseAlarm(liftId) {
      const evidence = [{ ts: START, fact: 'x', data: { fact: 'help-button' } }] as never;
      site.incidents.record(anIncident('pressed', liftId, { kind: 'entrapment', evidence }), 'opened');
      board.changed(liftId);
    },
    joinToken: ({ id }) => `a token for ${id}`,
  };
  site = await startSite({}, { cabins });
  site.incidents.record(anIncident('incident-a', 'lift-a', { phase: 'closed', version: 2 }), 'closed');
  engineer = await site.person('engineer');
});
afterEach(() => site.api.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, path: string, headers: object, body?: object): Promise<Answer> {
  const answer = await fetch(`${site.url}${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}

const invite = (lift = 'lift-a', { headers }: Pick<Visitor, 'headers'> = engineer) =>
  ask('POST', `/api/lifts/${lift}/terminal/invitations`, headers);
const bearer = (secret: unknown) => ({ authorization: `Bearer ${secret}` });
async function paired(): Promise<object> {
  const { body } = await invite();
  const { body: answer } = await ask('POST', '/api/cabins/lift-a/pairing', {}, { code: body.code });
  return bearer(answer.secret);
}
const written = () => site.audit.all.map(({ action, subject }) => `${action} ${subject}`);

describe('pairing', () => {
  it('is for engineers who see the lift, good once, and written down without the code', async () => {
    expect((await invite('lift-a', await site.person('operator'))).status).toBe(403);
    expect((await invite('lift-b', await site.person('engineer', ['a']))).status).toBe(404);
    expect((await invite('lift-z')).status).toBe(404);
    const { status, body } = await invite();
    expect(status).toBe(201);
    expect(body.path).toBe(`/cabin/lift-a#code=${body.code}`);
    const pair = () => ask('POST', '/api/cabins/lift-a/pairing', {}, { code: body.code });
    expect((await pair()).status).toBe(201);
    expect(await pair()).toMatchObject({ status: 401, body: { error: { code: 'TOKEN_INVALID' } } });
    expect(written()).toEqual(['cabin.invited lift/lift-a', 'cabin.paired lift/lift-a']);
    expect(JSON.stringify(site.audit.all)).not.toContain(body.code);
    const { body: shown } = await ask('GET', '/api/lifts/lift-a/terminal', engineer.headers);
    expect(shown.terminal).toMatchObject({ liftId: 'lift-a', pairedBy: expect.any(String) });
    expect(JSON.stringify(shown)).not.toContain('secret');
  });
});

describe('a screen', () => {
  it('is let in by its own secret alone, to its own lift', async () => {
    const mine = await paired();
    for (const path of ['alarm', 'token']) {
      for (const headers of [{}, bearer('x'), { authorization: 'Bearer' }, engineer.headers])
        expect((await ask('POST', `/api/cabins/lift-a/${path}`, headers)).status).toBe(401);
      expect((await ask('POST', `/api/cabins/lift-b/${path}`, mine)).status).toBe(401);
    }
    expect((await ask('GET', '/api/cabins/lift-a/events', {})).status).toBe(401);
    const { body } = await ask('POST', '/api/cabins/lift-a/token', mine);
    expect(body.token).toMatch(/^a token for terminal-/);
  });

  it('raises the alarm, however often it is pressed once in the record', async () => {
    const mine = await paired();
    for (let press = 0; press < 3; press++) {
      const { status, body } = await ask('POST', '/api/cabins/lift-a/alarm', mine);
      expect({ status, alarm: body.alarm }).toMatchObject({ status: 200, alarm: { pressed: true } });
    }
    expect(written().filter((one) => one.startsWith('cabin.help-pressed'))).toHaveLength(1);
  });

  it('raises the alarm also while nothing can be written down', async () => {
    const mine = await paired();
    site.audit.append = async () => {
      throw new CabinwatchError('STORAGE_UNAVAILABLE', 'no disk');
    };
    await ask('POST', '/api/cabins/lift-a/alarm', mine);
    expect(cabins.board.status('lift-a').alarm).toMatchObject({ pressed: true });
  });

  it('is told at once how it stands, then of each change, until it is revoked', async () => {
    const mine = await paired();
    const answer = await fetch(`${site.url}/api/cabins/lift-a/events`, { headers: { ...mine } });
    const statuses = read(answer);
    const next = async (): Promise<CabinStatus> => (await statuses.next()).value as CabinStatus;
    expect(await next()).toEqual({ liftId: 'lift-a', at: START });
    site.incidents.record(anIncident('e1', 'lift-a', { kind: 'entrapment', phase: 'suspected' }), 'opened');
    changed('lift-a');
    expect((await next()).alarm).toMatchObject({ phase: 'suspected', pressed: false });
    await ask('DELETE', '/api/lifts/lift-a/terminal', engineer.headers);
    // What happens next is no matter of the one who was shown out.
    site.incidents.record(
      anIncident('e1', 'lift-a', { kind: 'entrapment', phase: 'confirmed' }),
      'confirmed',
    );
    changed('lift-a');
    expect((await statuses.next()).done).toBe(true);
    expect((await ask('POST', '/api/cabins/lift-a/alarm', mine)).status).toBe(401);
    expect(written().at(-1)).toBe('cabin.revoked lift/lift-a');
  });
});

async function* read(answer: Response): AsyncGenerator<CabinStatus> {
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    const events = `${text}${chunk}`.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data) yield JSON.parse(data) as CabinStatus;
    }
  }
}
