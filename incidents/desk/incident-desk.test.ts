import { describe, expect, it } from 'vitest';
import { type CarState, type IncidentChange, ManualClock, silentLogger } from '../../core/index.ts';
import { RULES_ACTOR } from '../life/transitions.ts';
import { incidentOptions } from '../options.ts';
import {
  AT_FLOOR,
  carAfter,
  NO_CAUSES,
  OPERATOR,
  RIDING,
  type Said,
  STOPPED,
} from '../testing/scripted-lift.ts';
import {
  createIncidentDesk,
  type IncidentDesk,
  type IncidentDeskOptions,
  type LiftSetup,
} from './incident-desk.ts';

const lift = (id: string): LiftSetup => ({ id, options: incidentOptions(), faultTable: NO_CAUSES });

/** A desk whose time is in the test's hand, over lifts whose controllers go on saying what they said last. */
class Stage {
  readonly clock = new ManualClock(1_000_000);
  readonly recorded: IncidentChange[] = [];
  readonly told: IncidentChange[] = [];
  readonly cars = new Map<string, CarState>();
  readonly desk: IncidentDesk;
  fail = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();
  #ids = 0;

  constructor(options: Partial<IncidentDeskOptions> = {}) {
    this.desk = createIncidentDesk(
      { lifts: [lift('L1'), lift('L2')], ...options },
      {
        clock: this.clock,
        logger: silentLogger,
        nextId: () => `i${++this.#ids}`,
        carState: (id) => {
          const car = this.cars.get(id);
          return car && carAfter(car, {}, this.clock.now());
        },
        after: (ms, callback) => {
          const timer = { at: this.clock.now() + ms, callback };
          this.#timers.add(timer);
          return () => this.#timers.delete(timer);
        },
        record: async (changes) => {
          if (this.fail-- > 0) throw new Error('no room');
          this.recorded.push(...changes);
          return changes;
        },
      },
    );
    this.desk.on('change', (change) => this.told.push(change));
  }

  say(id: string, said: Said): void {
    const car = { ...carAfter(this.cars.get(id), said, this.clock.now()), liftId: id };
    this.cars.set(id, car);
    this.desk.push(id, { type: 'car', state: car });
  }

  count(id: string, count: number): void {
    const ts = this.clock.now();
    const phase = count === 0 ? 'ended' : 'started';
    const event = {
      kind: 'occupancy',
      phase,
      liftId: id,
      ts,
      startedAt: ts,
      confidence: 1,
      evidence: { count },
    } as const;
    this.desk.push(id, { type: 'behaviour', event });
  }

  async pass(seconds: number): Promise<void> {
    const end = this.clock.now() + seconds * 1000;
    const next = () => [...this.#timers].sort((a, b) => a.at - b.at).find(({ at }) => at <= end);
    for (let due = next(); due; due = next()) {
      this.clock.advance(Math.max(0, due.at - this.clock.now()));
      this.#timers.delete(due);
      due.callback();
      await this.desk.settled();
    }
    this.clock.advance(end - this.clock.now());
    await this.desk.settled();
  }

  async trap(id: string): Promise<void> {
    this.say(id, RIDING);
    this.count(id, 1);
    await this.pass(10);
    this.say(id, STOPPED);
    await this.pass(30);
  }
}

const story = (changes: readonly IncidentChange[]): string[] =>
  changes.map(({ change, incident }) => `${incident.liftId} ${incident.kind} ${change}`);

describe('the incident desk', () => {
  it('finds by deadlines alone what a controller goes on saying without a change', async () => {
    const stage = new Stage();
    await stage.trap('L1');
    expect(story(stage.told)).toEqual(['L1 entrapment opened', 'L1 entrapment confirmed']);
    expect(stage.told[1]?.at).toBe(1_000_000 + 25_000);
    expect(stage.told).toEqual(stage.recorded);
  });

  it('counts readings that are the same again and again, of which the controllers tell only the first', async () => {
    const stage = new Stage();
    stage.say('L1', { ...RIDING, speed: 5 });
    stage.say('L2', { ...RIDING, door: 'open' });
    await stage.pass(2);
    expect(
      stage.told.map(({ change, at, incident }) => `${incident.kind} ${change} ${at - 1_000_000}`),
    ).toEqual([
      'door-open-moving opened 0',
      'overspeed opened 1000',
      'door-open-moving confirmed 1000',
      'overspeed confirmed 2000',
    ]);
  });

  it('takes a person’s act, and says what was wrong with one', async () => {
    const stage = new Stage();
    await stage.trap('L2');
    const [open] = stage.desk.openIncidents('L2');
    const id = open?.id as string;
    expect(await stage.desk.act(id, { act: 'acknowledge' }, OPERATOR)).toMatchObject({
      phase: 'acknowledged',
    });
    await expect(stage.desk.act(id, { act: 'acknowledge' }, OPERATOR)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(stage.desk.act('i9', { act: 'relieve' }, OPERATOR)).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
    });
  });

  it('tells nothing before it is recorded, and loses nothing when that fails', async () => {
    const stage = new Stage();
    const judged: IncidentChange[] = [];
    stage.desk.on('judged', (change) => judged.push(change));
    stage.fail = 1;
    await stage.trap('L1');
    expect(story(judged)).toEqual(['L1 entrapment opened', 'L1 entrapment confirmed']);
    await stage.pass(5);
    expect(judged).toHaveLength(2);
    expect(story(stage.told)).toEqual(['L1 entrapment opened', 'L1 entrapment confirmed']);
    expect(stage.recorded.map(({ incident }) => incident.version)).toEqual([1, 2]);
    stage.fail = 1;
    await expect(stage.desk.act('i1', { act: 'acknowledge' }, OPERATOR)).rejects.toThrow('no room');
    await stage.pass(5);
    expect(story(stage.told).at(-1)).toBe('L1 entrapment acknowledged');
  });

  it('goes on with what stood open before, once', async () => {
    const before = new Stage();
    await before.trap('L1');
    const after = new Stage();
    after.desk.takeUp(before.desk.openIncidents(), RULES_ACTOR);
    expect(after.desk.openIncidents()).toEqual(before.desk.openIncidents());
    await after.trap('L1');
    expect(after.told.filter(({ change }) => change === 'opened')).toEqual([]);
  });

  it('closes what stood open on a lift that is no longer watched', async () => {
    const before = new Stage();
    await before.trap('L2');
    const after = new Stage({ lifts: [lift('L1')] });
    after.desk.takeUp(before.desk.openIncidents(), RULES_ACTOR);
    await after.desk.settled();
    expect(after.told).toMatchObject([
      { change: 'closed', by: RULES_ACTOR, incident: { liftId: 'L2', closeReason: 'removed' } },
    ]);
  });

  it('adds, changes and removes lifts while it runs', async () => {
    const stage = new Stage();
    stage.desk.addLift(lift('L3'));
    expect(() => stage.desk.addLift(lift('L3'))).toThrow(/L3/);
    await stage.trap('L3');
    stage.desk.changeLift({ ...lift('L3'), options: incidentOptions({ entrapment: { capSeconds: 60 } }) });
    expect(stage.desk.openIncidents('L3')).toHaveLength(1);
    await stage.pass(60);
    expect(stage.told.at(-1)).toMatchObject({ change: 'closed', incident: { closeReason: 'cap' } });
    await stage.trap('L1');
    await stage.desk.removeLift('L1', OPERATOR);
    expect(stage.told.at(-1)).toMatchObject({
      by: OPERATOR,
      incident: { liftId: 'L1', closeReason: 'removed' },
    });
    stage.say('L1', AT_FLOOR);
    expect(stage.desk.openIncidents()).toEqual([]);
  });

  it('is not led astray by a source whose clock runs ahead', async () => {
    const stage = new Stage();
    const ts = stage.clock.now() + 86_400_000;
    const event = {
      kind: 'crowding',
      phase: 'started',
      liftId: 'L1',
      ts,
      startedAt: ts,
      confidence: 1,
      evidence: { count: 9 },
    } as const;
    stage.desk.push('L1', { type: 'behaviour', event });
    await stage.trap('L1');
    expect(story(stage.told)).toContain('L1 entrapment confirmed');
    expect(stage.told[0]?.at).toBe(1_000_000);
  });

  it('silences by a maintenance window that ends', async () => {
    const stage = new Stage();
    const from = stage.clock.now();
    stage.desk.maintain({ id: 'w', liftId: 'L1', from, until: from + 60_000, by: OPERATOR, reason: 'check' });
    await stage.trap('L1');
    expect(stage.desk.openIncidents()[0]).toMatchObject({ silencedUntil: from + 60_000 });
    await stage.pass(30);
    expect(stage.desk.openIncidents()[0]?.silencedUntil).toBeUndefined();
    await stage.desk.close();
    await expect(stage.desk.act('i1', { act: 'relieve' }, OPERATOR)).rejects.toMatchObject({
      code: 'CLOSED',
    });
  });
});
