import { describe, expect, it } from 'vitest';
import { CabinwatchError, type Incident } from '../core/index.ts';
import { createLiftJudge } from './lift-judge.ts';
import { incidentOptions } from './options.ts';
import {
  AT_FLOOR,
  LIFT,
  NO_CAUSES,
  OPEN_AT_FLOOR,
  OPERATOR,
  RIDING,
  ScriptedLift,
  STOPPED,
} from './testing/scripted-lift.ts';

const trapped = (...args: ConstructorParameters<typeof ScriptedLift>): ScriptedLift =>
  new ScriptedLift(...args)
    .car(OPEN_AT_FLOOR, 0)
    .people(2, 3)
    .car({ door: 'closed' }, 8)
    .car(RIDING, 10)
    .car(STOPPED, 20)
    .to(40);
const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return error instanceof CabinwatchError ? error.code : String(error);
  }
};

describe('an entrapment’s life', () => {
  it('goes from confirmed over acknowledged and relieved to closed, each by its own act', () => {
    const lift = trapped()
      .act({ act: 'acknowledge' })
      .to(50)
      .car({ ...AT_FLOOR, door: 'open' }, 60)
      .people(0, 61)
      .to(70);
    lift.act({ act: 'note', text: 'All well.' }).act({ act: 'close' });
    expect(lift.steps('entrapment').map((line) => line.split(' ')[0])).toEqual([
      'opened',
      'confirmed',
      'acknowledged',
      'relieved',
      'noted',
      'closed',
    ]);
    const last = lift.after('entrapment', 'closed');
    expect(last).toMatchObject({ acknowledgedBy: OPERATOR, closedBy: OPERATOR, closeReason: 'operator' });
    expect(last.notes.map(({ text }) => text)).toEqual(['All well.']);
    expect(last.version).toBe(lift.changes.length);
    expect(last.evidence.map(({ words }) => words.en)).toContain('Acknowledged by Ann.');
  });

  it('is not closed while people may still be inside', () => {
    const lift = trapped().act({ act: 'acknowledge' });
    expect(codeOf(() => lift.act({ act: 'close' }))).toBe('CONFLICT');
    expect(codeOf(() => lift.act({ act: 'acknowledge' }))).toBe('CONFLICT');
    expect(lift.judge.open()[0]?.phase).toBe('acknowledged');
    expect(codeOf(() => lift.act({ act: 'note', text: 'x' }, 'fall'))).toBe('INPUT_NOT_FOUND');
  });

  it('is not raised again after a false alarm until the situation has gone and come back', () => {
    const lift = trapped().act({ act: 'false-alarm', text: 'Cleaner inside.' }).to(400);
    expect(lift.steps('entrapment').at(-1)).toBe('closed 40');
    lift.car(RIDING, 400).to(410).car(STOPPED, 420).to(440);
    expect(lift.steps('entrapment').slice(-2)).toEqual(['opened 432', 'confirmed 435']);
  });

  it('a person who says that it is over is believed for a while, but not for ever', () => {
    const lift = trapped().act({ act: 'relieve' }).to(700);
    expect(lift.steps('entrapment').slice(-2)).toEqual(['relieved 40', 'reopened 340']);
    expect(lift.judge.open()[0]).toMatchObject({ phase: 'confirmed', reopenedAt: 340_000 });
  });

  it('is the same incident when the car stops again, acknowledged if that is soon', () => {
    const lift = trapped().act({ act: 'acknowledge' }).car(RIDING, 50).to(55).car(STOPPED, 56).to(80);
    expect(lift.steps('entrapment').slice(-2)).toEqual(['relieved 52', 'reopened 68']);
    expect(lift.judge.open()).toEqual([expect.objectContaining({ id: 'i1', phase: 'acknowledged' })]);
    const later = trapped()
      .act({ act: 'acknowledge' })
      .car({ ...AT_FLOOR, door: 'open' }, 50)
      .people(0, 52);
    later.people(3, 480).car({ door: 'closed' }, 490).car(RIDING, 500).car(STOPPED, 520).to(540);
    expect(later.judge.open()[0]).toMatchObject({ id: 'i1', phase: 'confirmed', people: 3 });
    expect(later.judge.open()[0]?.acknowledgedAt).toBeUndefined();
  });

  it('is closed by its cap, and not raised anew for the same situation', () => {
    const lift = trapped({ entrapment: { capSeconds: 600 } }).to(2000);
    expect(lift.steps('entrapment')).toEqual(['opened 32', 'confirmed 35', 'closed 632']);
    expect(lift.after('entrapment', 'closed')).toMatchObject({ closeReason: 'cap' });
  });

  it('may be acknowledged while suspected, and is then still confirmed', () => {
    const lift = new ScriptedLift().car(OPEN_AT_FLOOR, 0).people(1, 3).car({ door: 'closed' }, 10).to(56);
    lift.act({ act: 'acknowledge' }).to(95);
    expect(lift.steps('entrapment')).toEqual(['opened 55', 'acknowledged 56', 'confirmed 90']);
    expect(lift.judge.open()[0]).toMatchObject({ phase: 'acknowledged', confirmedAt: 90_000 });
  });
});

describe('maintenance', () => {
  const window = { id: 'w1', liftId: LIFT, from: 0, until: 100_000, by: OPERATOR, reason: 'Yearly check' };

  function maintained(): ScriptedLift {
    const lift = new ScriptedLift();
    lift.push({ type: 'maintenance', ts: 0, window });
    return lift
      .car(OPEN_AT_FLOOR, 0)
      .people(2, 3)
      .car({ door: 'closed' }, 8)
      .car(RIDING, 10)
      .car(STOPPED, 20);
  }

  it('silences visibly what begins within it, and ends', () => {
    const lift = maintained().to(99);
    expect(lift.judge.open()).toEqual([
      expect.objectContaining({ phase: 'confirmed', silencedUntil: 100_000 }),
    ]);
    lift.to(120);
    expect(lift.judge.open()[0]?.silencedUntil).toBeUndefined();
    expect(lift.story('entrapment').at(-1)).toBe('updated 100');
  });

  it('does not silence the alarm button', () => {
    const lift = maintained().to(40).car({ alarmButton: true }, 50).to(55);
    expect(lift.judge.open()[0]?.silencedUntil).toBeUndefined();
  });

  it('may be cut short', () => {
    const lift = maintained().to(50);
    lift.push({ type: 'maintenance-ended', ts: 50_000, windowId: 'w1' });
    expect(lift.judge.open()[0]?.silencedUntil).toBeUndefined();
  });

  it('does not hush what was told before', () => {
    const lift = trapped();
    lift.push({ type: 'maintenance', ts: 40_000, window });
    expect(lift.to(60).judge.open()[0]?.silencedUntil).toBeUndefined();
  });
});

describe('a restart', () => {
  it('goes on with what stood open, opens no second incident, and closes none for want of news', () => {
    const lift = new ScriptedLift();
    lift.push({ type: 'take-up', ts: 0, incidents: trapped().judge.open() });
    expect(lift.to(300).changes).toEqual([]);
    lift
      .car({ ...RIDING, ...STOPPED }, 300)
      .people(2, 310)
      .to(400);
    expect(lift.changes.filter((c) => c.change === 'opened')).toEqual([]);
    expect(
      lift
        .car({ ...AT_FLOOR, door: 'open' }, 400)
        .people(0, 402)
        .to(410)
        .steps('entrapment'),
    ).toEqual(['relieved 402']);
  });

  it('whose records can only be read later: what was opened anew meanwhile goes on as the older incident', () => {
    const [older] = trapped().act({ act: 'acknowledge' }).judge.open();
    const lift = trapped({}, { nextId: () => 'anew' });
    expect(lift.judge.open()).toMatchObject([{ id: 'anew', phase: 'confirmed' }]);
    lift.push({ type: 'take-up', ts: 40_000, incidents: [older as Incident] });
    expect(lift.after('entrapment', 'closed')).toMatchObject({ id: 'anew', closeReason: 'duplicate' });
    expect(lift.judge.open()).toMatchObject([{ id: 'i1', phase: 'acknowledged' }]);
    // It is over for the older one when it is over.
    lift.car(RIDING, 50).to(55);
    expect(lift.after('entrapment', 'relieved').id).toBe('i1');
    lift.push({ type: 'take-up', ts: 55_000, incidents: [older as Incident] });
    expect(lift.judge.open()).toMatchObject([{ id: 'i1', phase: 'relieved' }]);
  });

  it('after so long that the older one is past its cap: that one is closed, and the new one goes on', () => {
    const [older] = trapped().judge.open();
    const late = { ...(older as Incident), suspectedAt: -2e9, startedAt: -2e9 };
    const lift = trapped({}, { nextId: () => 'anew' });
    lift.push({ type: 'take-up', ts: 40_000, incidents: [late] });
    expect(lift.after('entrapment', 'closed')).toMatchObject({ id: 'i1', closeReason: 'cap' });
    expect(lift.judge.open()).toMatchObject([{ id: 'anew', phase: 'confirmed' }]);
  });

  it('in the middle of it all goes on from toJSON as if nothing had been', () => {
    const lift = trapped();
    const resumed = createLiftJudge({
      liftId: LIFT,
      options: incidentOptions(),
      faultTable: NO_CAUSES,
      nextId: () => 'i9',
      resumed: JSON.parse(JSON.stringify(lift.judge)),
    });
    expect(JSON.stringify(resumed)).toBe(JSON.stringify(lift.judge));
    expect(resumed.push({ type: 'tick', ts: 41_000 })).toEqual(lift.judge.push({ type: 'tick', ts: 41_000 }));
  });
});

it('evidence is bounded: its beginning and the latest are kept', () => {
  const lift = trapped();
  for (let i = 0; i < 60; i++)
    lift
      .car(RIDING, 100 + i * 40)
      .car(STOPPED, 110 + i * 40)
      .to(130 + i * 40);
  const [incident] = lift.judge.open();
  expect(incident?.evidence.length).toBeLessThanOrEqual(40);
  expect(incident?.evidence[0]?.at).toBe(32_000);
});
