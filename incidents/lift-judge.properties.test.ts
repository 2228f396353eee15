import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BehaviourEvent,
  CabinwatchError,
  type CarState,
  DOOR_STATES,
  type Incident,
  type IncidentChange,
  type IncidentPhase,
  LIFT_MODES,
} from '../core/index.ts';
import { type JudgeInput, timeOf } from './inputs.ts';
import { cappedFrom } from './life/transitions.ts';
import { createLiftJudge, type JudgeState, type LiftJudge } from './lift-judge.ts';
import { incidentOptions } from './options.ts';
import { RULES } from './rules/registry.ts';
import {
  AT_FLOOR,
  carAfter,
  LIFT,
  NO_CAUSES,
  OPEN_AT_FLOOR,
  OPERATOR,
  RIDING,
  type Said,
  SILENT,
  STOPPED,
} from './testing/scripted-lift.ts';

/** Short caps, so that they are met within a run. */
const options = incidentOptions({
  entrapment: { capSeconds: 900, pictureSeconds: 120 },
  door: { capSeconds: 600 },
  person: { capSeconds: 600 },
  watch: { capSeconds: 1200 },
});
const RUNS = { numRuns: 250, seed: 20_266 };

const maybe = <T>(values: readonly T[]) => fc.constantFrom<T | undefined>(...values, undefined);
const said: fc.Arbitrary<Said> = fc.record(
  {
    door: maybe(DOOR_STATES),
    doorZone: maybe([true, false]),
    floor: maybe([1, 2, 3]),
    direction: maybe(['up', 'down', 'none'] as const),
    speed: maybe([0, 0, 0.05, 0.6, 1.6, 3.2]),
    mode: maybe(LIFT_MODES),
    load: maybe([0, 0.1, 1.2]),
    faults: maybe([[], ['E12'], ['overspeed']]),
    alarmButton: maybe([true, false]),
  },
  { requiredKeys: [] },
);
const usual = fc.constantFrom<Said>(
  { ...RIDING, ...STOPPED, load: 0.2 },
  { ...RIDING, ...STOPPED },
  RIDING,
  OPEN_AT_FLOOR,
  AT_FLOOR,
  {},
  {},
);
const kinds = [
  'ebike',
  'fall',
  'motionless-person',
  'crowding',
  'camera-blocked',
  'camera-frozen',
  'door-blocked',
] as const;
const acts = ['acknowledge', 'relieve', 'close', 'false-alarm'] as const;

/** What happens next, and after how many seconds. */
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('car' as const), said }) },
  { weight: 12, arbitrary: fc.record({ what: fc.constant('car' as const), said: usual }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('silent' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('people' as const), count: fc.integer({ min: 0, max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('behaviour' as const),
      kind: fc.constantFrom(...kinds),
      phase: fc.constantFrom('started', 'updated', 'ended'),
      evidence: fc.constantFrom(
        {},
        { stage: 'confirmed' },
        { reason: 'cap', stage: 'cap' },
        { certain: false },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('camera' as const),
      state: fc.constantFrom('online', 'offline', 'stale', 'blocked'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('act' as const), act: fc.constantFrom(...acts) }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('window' as const), seconds: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('help' as const) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('nothing' as const) }) },
);
const fate = fc.constantFrom('once', 'once', 'once', 'once', 'once', 'twice', 'lost', 'late');
const line = fc.record({
  happening,
  after: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 6 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }) },
  ),
  fate,
});
const script = fc.array(line, { minLength: 1, maxLength: 100 });
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never;

type Arrival =
  | JudgeInput
  | { readonly type: 'person'; readonly ts: number; readonly act: (typeof acts)[number] };

/** The inputs of a script as they arrive over a bad link. */
function arrivalsOf(lines: readonly Line[]): Arrival[] {
  let car: CarState | undefined;
  let ts = 0;
  const arrivals: { at: number; input: Arrival }[] = [];
  for (const { happening: h, after, fate: f } of lines) {
    ts += after * 1000;
    if (h.what === 'car' || h.what === 'silent') car = carAfter(car, h.what === 'car' ? h.said : SILENT, ts);
    const input = inputOf(h, ts, car);
    if (f === 'lost') continue;
    arrivals.push({ at: f === 'late' ? ts + 20_000 : ts, input });
    if (f === 'twice') arrivals.push({ at: ts + 3000, input });
  }
  return arrivals.sort((a, b) => a.at - b.at).map(({ input }) => input);
}

function inputOf(h: Line['happening'], ts: number, car: CarState | undefined): Arrival {
  const event = { liftId: LIFT, ts, startedAt: ts, confidence: 0.9 };
  switch (h.what) {
    case 'people':
      return {
        type: 'behaviour',
        event: {
          ...event,
          kind: 'occupancy',
          phase: h.count ? 'updated' : 'ended',
          evidence: { count: h.count },
        },
      };
    case 'behaviour':
      return {
        type: 'behaviour',
        event: {
          ...event,
          kind: h.kind,
          phase: h.phase as 'started',
          evidence: h.evidence as BehaviourEvent['evidence'],
        },
      };
    case 'camera': {
      const unused = {
        lastPictureAt: undefined,
        pictureAgeMs: undefined,
        reconnects: 0,
        fpsExpected: 5,
        fpsGot: 5,
        error: undefined,
      };
      return {
        type: 'camera',
        ts,
        health: { cameraId: LIFT, liftId: LIFT, state: h.state as 'online', since: ts, ...unused },
      };
    }
    case 'act':
      return { type: 'person', ts, act: h.act };
    case 'window':
      return {
        type: 'maintenance',
        ts,
        window: {
          id: `w${ts}`,
          liftId: LIFT,
          from: ts,
          until: ts + h.seconds * 1000,
          by: OPERATOR,
          reason: '',
        },
      };
    case 'help':
      return { type: 'help', ts };
    case 'nothing':
      return { type: 'tick', ts };
    default:
      return { type: 'car', state: car as CarState };
  }
}

function judgeOf(resumed?: JudgeState, firstId = 1): LiftJudge {
  let ids = firstId;
  return createLiftJudge({
    liftId: LIFT,
    options,
    faultTable: NO_CAUSES,
    nextId: () => `i${ids++}`,
    ...(resumed ? { resumed } : {}),
  });
}

/** A person does something to an entrapment, or else to the oldest incident; that it may not be allowed is part of it. */
function push(judge: LiftJudge, arrival: Arrival): IncidentChange[] {
  if (arrival.type !== 'person') return judge.push(arrival);
  const open = judge.open();
  const incidentId = (open.find(({ kind }) => kind === 'entrapment') ?? open[0])?.id ?? 'none';
  try {
    return judge.push({
      type: 'act',
      ts: arrival.ts,
      incidentId,
      act: { act: arrival.act },
      actor: OPERATOR,
    });
  } catch (error) {
    if (error instanceof CabinwatchError) return [];
    throw error;
  }
}

const opened = (changes: readonly IncidentChange[]): number =>
  changes.filter((c) => c.change === 'opened').length;
const capOf = ({ kind }: Incident): number =>
  (RULES.find((rule) => rule.kind === kind)?.life(options).capSeconds ?? 0) * 1000;

/** From which phases a change may come, and to which it leads. */
const WALK: Readonly<
  Record<string, { from: readonly (IncidentPhase | 'none')[]; to: readonly IncidentPhase[] }>
> = {
  opened: { from: ['none'], to: ['suspected'] },
  confirmed: { from: ['suspected', 'acknowledged'], to: ['confirmed', 'acknowledged'] },
  acknowledged: { from: ['suspected', 'confirmed'], to: ['acknowledged'] },
  relieved: { from: ['suspected', 'confirmed', 'acknowledged'], to: ['relieved'] },
  reopened: { from: ['relieved'], to: ['suspected', 'confirmed', 'acknowledged'] },
  closed: { from: ['suspected', 'confirmed', 'acknowledged', 'relieved'], to: ['closed'] },
};

function expectLegalWalk(changes: readonly IncidentChange[]): void {
  const last = new Map<string, IncidentChange>();
  for (const change of changes) {
    const { incident } = change;
    const before = last.get(incident.id);
    expect(incident.version).toBe((before?.incident.version ?? 0) + 1);
    expect(change.at).toBeGreaterThanOrEqual(before?.at ?? Number.NEGATIVE_INFINITY);
    expect(incident.startedAt).toBeLessThanOrEqual(incident.suspectedAt);
    const phase = before?.incident.phase ?? 'none';
    const step = WALK[change.change];
    if (step) {
      expect(step.from).toContain(phase);
      expect(step.to).toContain(incident.phase);
    } else expect(incident.phase).toBe(phase);
    expect(phase).not.toBe('closed');
    last.set(incident.id, change);
  }
}

describe('whatever arrives, in whatever order, lost, twice or late', () => {
  it('no kind ever has two open incidents, none is open past its cap, and every incident walks the lifecycle', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(script, (lines) => {
        const judge = judgeOf();
        const changes: IncidentChange[] = [];
        let now = 0;
        for (const arrival of arrivalsOf(lines)) {
          now = Math.max(now, arrival.type === 'person' ? arrival.ts : timeOf(arrival));
          changes.push(...push(judge, arrival));
          const open = judge.open();
          expect(new Set(open.map(({ kind }) => kind)).size).toBe(open.length);
          for (const incident of open) expect(now - cappedFrom(incident)).toBeLessThan(capOf(incident));
        }
        expectLegalWalk(changes);
        for (const { change, incident } of changes) met.add(`${incident.kind} ${change}`);
      }),
      RUNS,
    );
    // The scripts reach what they are to test.
    for (const step of ['opened', 'confirmed', 'relieved', 'closed'])
      expect(met).toContain(`entrapment ${step}`);
    for (const step of ['acknowledged', 'reopened'])
      expect([...met].some((one) => one.endsWith(step))).toBe(true);
    expect(new Set([...met].map((one) => one.split(' ')[0])).size).toBeGreaterThanOrEqual(10);
  });

  it('nothing is ended by the absence of news', () => {
    fc.assert(
      fc.property(script, (lines) => {
        const judge = judgeOf();
        const arrivals = arrivalsOf(lines).filter(({ type }) => type !== 'person');
        for (const arrival of arrivals) push(judge, arrival);
        const start = Math.max(0, ...arrivals.map((a) => (a.type === 'person' ? a.ts : timeOf(a))));
        // What is already known to be over may become so; then everything falls silent.
        for (let s = 1; s <= 40; s++) judge.push({ type: 'tick', ts: start + s * 1000 });
        const silent = start + 41_000;
        push(judge, inputOf({ what: 'camera', state: 'offline' }, silent, undefined));
        push(judge, { type: 'car', state: carAfter(undefined, SILENT, silent) });
        const after: IncidentChange[] = [];
        for (let s = 0; s < 1500; s += 5) after.push(...judge.push({ type: 'tick', ts: silent + s * 1000 }));
        const ended = after.filter(({ change }) => change === 'relieved' || change === 'closed');
        for (const { incident } of ended) {
          // After it was relieved by what was seen, only its window runs out.
          if (incident.closeReason === 'over') expect(incident.relievedAt).toBeLessThan(silent);
          else expect(incident.closeReason).toBe('cap');
        }
      }),
      RUNS,
    );
  });

  it('the same input gives the same changes, and so does going on from JSON at any point', () => {
    fc.assert(
      fc.property(script, fc.nat(), (lines, cut) => {
        const arrivals = arrivalsOf(lines);
        const at = arrivals.length === 0 ? 0 : cut % arrivals.length;
        const whole = judgeOf();
        const [first, second] = [judgeOf(), judgeOf()];
        const before = arrivals.slice(0, at).map((arrival) => {
          const changes = push(whole, arrival);
          expect(push(first, arrival)).toEqual(changes);
          push(second, arrival);
          return changes;
        });
        const resumed = judgeOf(JSON.parse(JSON.stringify(second)), 1 + opened(before.flat()));
        for (const arrival of arrivals.slice(at))
          expect(push(resumed, arrival)).toEqual(push(whole, arrival));
        expect(resumed.nextDeadline()).toBe(whole.nextDeadline());
      }),
      RUNS,
    );
  });

  it('after a restart whose records come late, what stood open goes on, and still no kind has two open incidents', () => {
    let duplicates = 0;
    fc.assert(
      fc.property(script, fc.nat(), fc.nat(), (lines, cut, wait) => {
        const arrivals = arrivalsOf(lines);
        const at = cut % (arrivals.length + 1);
        const first = judgeOf();
        const changes = arrivals.slice(0, at).flatMap((arrival) => push(first, arrival));
        const second = judgeOf(undefined, 1000);
        const after = arrivals.slice(at);
        const readAt = wait % (after.length + 1);
        const ts = Math.max(
          0,
          ...arrivals.slice(0, at + readAt).map((a) => (a.type === 'person' ? a.ts : timeOf(a))),
        );
        changes.push(...after.slice(0, readAt).flatMap((arrival) => push(second, arrival)));
        changes.push(...second.push({ type: 'take-up', ts, incidents: first.open() }));
        for (const arrival of after.slice(readAt)) {
          changes.push(...push(second, arrival));
          const open = second.open();
          expect(new Set(open.map(({ kind }) => kind)).size).toBe(open.length);
        }
        expectLegalWalk(changes);
        duplicates += changes.filter(({ incident }) => incident.closeReason === 'duplicate').length;
        const last = new Map(changes.map(({ incident }) => [incident.id, incident.phase]));
        const standing = [...last].filter(([, phase]) => phase !== 'closed').map(([id]) => id);
        expect(
          second
            .open()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(standing.sort());
      }),
      RUNS,
    );
    expect(duplicates).toBeGreaterThan(0);
  });

  it('a repetition and a late word change nothing', () => {
    fc.assert(
      fc.property(script, (lines) => {
        const judge = judgeOf();
        const past: JudgeInput[] = [];
        for (const arrival of arrivalsOf(lines)) {
          push(judge, arrival);
          if (arrival.type !== 'car' && arrival.type !== 'behaviour' && arrival.type !== 'camera') continue;
          expect(judge.push(arrival)).toEqual([]);
          past.push(arrival);
          const { facts } = judge.toJSON();
          for (const old of past.slice(-4, -1)) if (isOlder(old, past)) judge.push(old);
          expect(judge.toJSON().facts.car).toEqual(facts.car);
          expect(judge.toJSON().facts.picture).toEqual(facts.picture);
        }
      }),
      RUNS,
    );
  });

  it('deadlines suffice: asking every second finds nothing that asking then does not', () => {
    fc.assert(
      fc.property(script, (lines) => {
        const [often, then] = [judgeOf(), judgeOf()];
        const found: [IncidentChange[], IncidentChange[]] = [[], []];
        let now = 0;
        for (const arrival of arrivalsOf(lines).filter(({ type }) => type !== 'person')) {
          const until = Math.max(now, timeOf(arrival as JudgeInput));
          for (let ts = now + 1000; ts < until; ts += 1000)
            found[0].push(...often.push({ type: 'tick', ts }));
          for (let due = then.nextDeadline(); due !== undefined && due < until; due = then.nextDeadline())
            found[1].push(...then.push({ type: 'tick', ts: due }));
          found[0].push(...push(often, arrival));
          found[1].push(...push(then, arrival));
          now = until;
        }
        const steps = (changes: IncidentChange[]): string[] =>
          changes.map(({ change, at, incident }) => `${incident.kind} ${change} ${Math.ceil(at / 1000)}`);
        expect(steps(found[1]).sort()).toEqual(steps(found[0]).sort());
      }),
      { ...RUNS, numRuns: 60 },
    );
  });
});

/** There is a later word of the same sort. */
function isOlder(old: JudgeInput, past: readonly JudgeInput[]): boolean {
  return past.some(
    (other) =>
      other.type === old.type &&
      timeOf(other) > timeOf(old) &&
      (old.type !== 'behaviour' || (other.type === 'behaviour' && other.event.kind === old.event.kind)),
  );
}
