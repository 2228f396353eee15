import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../core/index.ts';
import type { ClipTruth } from './clip-truth.ts';
import { compareWithTruth } from './compare.ts';

const event = (
  kind: BehaviourEvent['kind'],
  ts: number,
  over: Partial<BehaviourEvent> = {},
): BehaviourEvent => ({
  kind,
  phase: 'started',
  liftId: 'a',
  ts,
  startedAt: ts,
  confidence: 1,
  evidence: {},
  ...over,
});
const people = (ts: number, count: number): BehaviourEvent => event('occupancy', ts, { evidence: { count } });
const truth = (over: Partial<ClipTruth>): ClipTruth => ({
  duration: 30,
  counts: [{ t: 0, inside: 0 }],
  events: [],
  ...over,
});
const one = (events: BehaviourEvent[], t: Partial<ClipTruth>) => compareWithTruth(events, truth(t));

describe('people', () => {
  const passing = {
    counts: [
      { t: 0, inside: 0 },
      { t: 5, inside: 1 },
      { t: 15, inside: 2 },
      { t: 16, inside: 0 },
    ],
  };

  it('agree when every steady number is said in time and kept', () => {
    const [finding] = one([people(6.2, 1), people(17.5, 0)], passing);
    expect(finding).toEqual({ what: 'people', expected: '0→1→0', got: '0→1→0', delay: 1.5, agrees: true });
  });

  it.each([
    ['said too late', [people(9, 1), people(17, 0)]],
    ['lost on the way', [people(6, 1), people(9, 0), people(10, 1), people(12, 0)]],
    ['never said', []],
    ['one too many', [people(6, 1), people(8, 2), people(17, 0)]],
    ['still inside at the end', [people(6, 1)]],
  ])('disagree when %s', (_name, events) => {
    expect(one(events, passing)[0]?.agrees).toBe(false);
  });

  it('may be counted out a moment early, and are not judged while the picture shows nothing', () => {
    expect(
      one([people(6, 1), people(15.4, 0)], {
        counts: [
          { t: 0, inside: 0 },
          { t: 5, inside: 1 },
          { t: 16, inside: 0 },
        ],
      })[0],
    ).toMatchObject({ agrees: true });
    const covered = { ...passing, events: [{ kind: 'camera-blocked', start: 4, end: 30 }] };
    expect(one([], covered)[0]).toMatchObject({ agrees: true });
  });
});

describe('behaviours', () => {
  const fall = { events: [{ kind: 'fall', start: 10, end: 25 }] };

  it('agree near their true time, with their delay', () => {
    expect(one([event('fall', 11.4)], fall)[1]).toMatchObject({
      what: 'fall',
      agrees: true,
      delay: expect.closeTo(1.4),
    });
  });

  it('disagree when missed, or said where nothing was', () => {
    expect(one([], fall)[1]).toMatchObject({ expected: '10.0 s', got: 'nothing', agrees: false });
    expect(one([event('fall', 3)], {})[1]).toMatchObject({
      expected: 'nothing',
      got: '3.0 s',
      agrees: false,
    });
  });

  it('are not counted twice for what goes on', () => {
    const found = one([event('fall', 11), event('fall', 20)], fall);
    expect(found.slice(1).map((f) => f.agrees)).toEqual([true]);
  });

  it('count an e-bike from its confirmation, and a withdrawn warning not at all', () => {
    const bike = { events: [{ kind: 'ebike', start: 5, end: 20 }] };
    const warned = event('ebike', 5.5, { startedAt: 5.2, evidence: { stage: 'warning' } });
    const sure = event('ebike', 7, { startedAt: 5.2, phase: 'updated', evidence: { stage: 'confirmed' } });
    const gone = event('ebike', 9, { startedAt: 5.2, phase: 'ended', evidence: { stage: 'withdrawn' } });
    expect(one([warned, sure], bike)[1]).toMatchObject({ agrees: true, delay: 2 });
    expect(one([warned, gone], bike)[1]).toMatchObject({ agrees: false });
    expect(one([warned, gone], {}).slice(1)).toEqual([]);
  });

  it('leave aside what a clip cannot decide, and a dark cabin may look covered', () => {
    expect(one([event('motionless-person', 20)], {}).slice(1)).toEqual([]);
    const dark = { events: [{ kind: 'lights-out', start: 5, end: 20 }] };
    expect(one([event('camera-blocked', 8)], dark).slice(1)).toEqual([]);
    expect(one([event('camera-blocked', 28)], dark)[1]?.agrees).toBe(false);
  });
});
