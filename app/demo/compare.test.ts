import { describe, expect, it } from 'vitest';
import type { AlarmMessage, Incident, IncidentKind } from '../../core/index.ts';
import { type Alarm, compareWithTruth } from './compare.ts';

type Event = Parameters<typeof compareWithTruth>[0]['events'][number];

const truth = (...events: [kind: string, start: number, end: number][]) => ({
  events: events.map(([kind, start, end]) => ({ kind, start, end, ids: [] }) as unknown as Event),
});

/** A message about an incident, which is certain from `confirmedAt` on. */
function alarm(subject: string, kind: IncidentKind, at: number, confirmedAt?: number): Alarm {
  const incident = { kind, people: 3, ...(confirmedAt !== undefined && { confirmedAt }) } as Incident;
  return { at, message: { subject, data: { incident } } as AlarmMessage };
}

describe('compareWithTruth', () => {
  it('agrees when the alarm of what is true is certain in time, and says how long it took', () => {
    const alarms = [alarm('a', 'entrapment', 20), alarm('a', 'entrapment', 25.5, 25)];
    expect(compareWithTruth(truth(['entrapment', 10, 60]), alarms)).toEqual([
      { expected: 'entrapment', got: 'entrapment confirmed, 3 inside', seconds: 15.5, agrees: true },
    ]);
  });

  it.each([
    ['never told', []],
    ['only suspected', [alarm('a', 'entrapment', 20)]],
    ['too late', [alarm('a', 'entrapment', 45, 44)]],
    ['before it began', [alarm('a', 'entrapment', 5, 5)]],
  ])('disagrees with an entrapment that is %s', (_name, alarms) => {
    const findings = compareWithTruth(truth(['entrapment', 10, 40]), alarms);
    expect(findings.every(({ agrees }) => agrees)).toBe(false);
  });

  it('disagrees with what is told though it is not so', () => {
    expect(compareWithTruth(truth(), [alarm('a', 'fall', 12, 12)])).toEqual([
      { expected: 'nothing', got: 'fall confirmed, 3 inside at 12.0 s', seconds: undefined, agrees: false },
    ]);
  });

  it('excuses what may rightly be told besides, but not before its time', () => {
    const lying = truth(['fall', 10, 40], ['motionless-person', 11, 40]);
    const fall = alarm('a', 'fall', 12, 12);
    const still = alarm('b', 'motionless-person', 35, 35);
    expect(compareWithTruth(lying, [fall, still]).every(({ agrees }) => agrees)).toBe(true);
    const early = alarm('c', 'motionless-person', 2, 2);
    expect(compareWithTruth(lying, [fall, early]).some(({ agrees }) => !agrees)).toBe(true);
  });

  it('tells two of a kind apart', () => {
    const twice = truth(['fall', 10, 15], ['fall', 30, 35]);
    const once = compareWithTruth(twice, [alarm('a', 'fall', 12, 12)]);
    expect(once.map(({ agrees }) => agrees)).toEqual([true, false]);
    const both = compareWithTruth(twice, [alarm('a', 'fall', 12, 12), alarm('b', 'fall', 32, 32)]);
    expect(both.map(({ seconds }) => seconds)).toEqual([2, 2]);
  });

  it('is content with silence where there is nothing to report', () => {
    expect(compareWithTruth(truth(['low-posture', 5, 20]), [])).toEqual([
      { expected: 'nothing', got: 'nothing', seconds: undefined, agrees: true },
    ]);
  });
});
