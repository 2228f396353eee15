import { describe, expect, it } from 'vitest';
import { type CabinStatus, type DoorState, type Incident, ManualClock } from '../../core/index.ts';
import { createCabinBoard } from './cabin-board.ts';
import { readHelp } from './help-note.ts';

const operator = { kind: 'user', id: 'u1', name: 'Li' } as const;
const note = (text: string, at = 1000) => ({ at, by: operator, text });
const entrapment = (more: Partial<Incident> = {}): Incident =>
  ({
    id: 'i1',
    liftId: 'l1',
    kind: 'entrapment',
    phase: 'confirmed',
    suspectedAt: 500,
    evidence: [],
    notes: [],
    ...more,
  }) as unknown as Incident;

describe('what a note says of help', () => {
  it.each([
    ['ETA 12 min', 12],
    ['eta: 5', 5],
    ['ETA：8分钟，王师傅', 8],
    ['ETA 30 minutes, two mechanics', 30],
    ['ETA', undefined],
    ['ETA soon', undefined],
    // A time of day is no number of minutes, and is not taken for one.
    ['ETA 14.30', undefined],
  ])('%s', (text, minutes) => {
    const arrivesAt = minutes === undefined ? {} : { arrivesAt: 1000 + minutes * 60_000 };
    expect(readHelp([note(text)])).toEqual({ saidAt: 1000, ...arrivesAt });
  });

  it('nothing, of any other note', () => {
    expect(readHelp([note('Called the caretaker'), note('The beta ETA'), note('ETAGE 3')])).toBeUndefined();
  });

  it('what the latest says', () => {
    const notes = [note('ETA 20 min', 1000), note('ETA 5 min', 2000), note('Door opener is with him', 3000)];
    expect(readHelp(notes)).toEqual({ saidAt: 2000, arrivesAt: 2000 + 5 * 60_000 });
  });
});

describe('a cabin is told', () => {
  const board = () => {
    const known: { incidents: Incident[]; door?: DoorState } = { incidents: [] };
    const clock = new ManualClock(9000);
    const made = createCabinBoard({
      incidents: () => known.incidents,
      car: () => (known.door ? { door: { value: known.door, at: 0 } } : undefined) as never,
      clock,
    });
    return { known, clock, board: made };
  };

  it('of an entrapment alone, and who has asked for help, seen it, and what comes', () => {
    const { known, board: told } = board();
    known.incidents = [entrapment({ kind: 'ebike-entry' }), entrapment({ phase: 'closed' })];
    expect(told.status('l1')).toEqual({ liftId: 'l1', at: 9000 });
    known.door = 'closed';
    known.incidents = [
      entrapment({
        phase: 'acknowledged',
        acknowledgedAt: 700,
        evidence: [{ ts: 500, data: { fact: 'help-button' } }] as never,
        notes: [note('ETA 2 min')],
      }),
    ];
    expect(told.status('l1')).toEqual({
      liftId: 'l1',
      at: 9000,
      door: 'closed',
      alarm: {
        incidentId: 'i1',
        phase: 'acknowledged',
        receivedAt: 500,
        pressed: true,
        seenAt: 700,
        help: { saidAt: 1000, arrivesAt: 121_000 },
      },
    });
  });

  it('only when something has changed for it', () => {
    const { known, clock, board: told } = board();
    const heard: CabinStatus[] = [];
    const stop = told.subscribe('l1', (status) => heard.push(status));
    clock.advance(1000);
    told.changed('l1');
    expect(heard).toEqual([]);
    known.incidents = [entrapment()];
    told.changed('l2');
    expect(heard).toEqual([]);
    told.changed('l1');
    told.changed('l1');
    expect(heard.map(({ alarm }) => alarm?.phase)).toEqual(['confirmed']);
    stop();
    known.incidents = [];
    told.changed('l1');
    expect(heard).toHaveLength(1);
  });

  it('by every listener, one that leaves while it is told included', () => {
    const { known, board: told } = board();
    const heard: string[] = [];
    const stop = told.subscribe('l1', () => {
      heard.push('first');
      stop();
    });
    told.subscribe('l1', () => heard.push('second'));
    known.incidents = [entrapment()];
    told.changed('l1');
    known.door = 'open';
    told.changed('l1');
    expect(heard).toEqual(['first', 'second', 'second']);
  });
});
