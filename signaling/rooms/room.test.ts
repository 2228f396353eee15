import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../core/index.ts';
import { CALL_TIMES } from '../call/call-machine.ts';
import type { ServerMessage } from '../protocol/messages.ts';
import { ROLE_RIGHTS, type RoomRole } from './roles.ts';
import { type Joining, Room, type RoomMessage, type RoomOutput } from './room.ts';

const TIMES = { ...CALL_TIMES, departureMs: 20_000 };

function openRoom(maxPeers = 4): Room {
  let calls = 0;
  const newCallId = (): string => {
    calls += 1;
    return `call-${calls}`;
  };
  return new Room({ liftId: 'a', times: TIMES, maxPeers, newCallId }, 0);
}

function joining(role: RoomRole, id: string = role, some: Partial<Joining> = {}): Joining {
  const rights = ROLE_RIGHTS[role];
  return { id, name: `Name of ${id}`, role, rights, instance: `${id}-page`, expiresAt: 1e12, ...some };
}

const records = (outputs: readonly RoomOutput[]): CallRecord[] =>
  outputs.flatMap((out) => (out.kind === 'record' ? [out.record] : []));

const toldTo = (outputs: readonly RoomOutput[], id: string): ServerMessage[] =>
  outputs.flatMap((out) => (out.kind === 'send' && out.to === id ? [out.message] : []));

/** A room with a cabin and an operator whose call is connected at 100. */
function inCall(): Room {
  const room = openRoom();
  room.join(joining('cabin'), 0);
  room.join(joining('operator'), 0);
  room.message('operator', { type: 'call', incidentId: 'i' }, 10);
  room.message('cabin', { type: 'answer', callId: 'call-1' }, 20);
  const report = { type: 'report', callId: 'call-1', media: 'connected' } as const;
  room.message('cabin', { ...report, peer: 'operator' }, 90);
  expect(room.callState).toBe('negotiating');
  room.message('operator', { ...report, peer: 'cabin' }, 100);
  expect(room.callState).toBe('connected');
  return room;
}

describe('a call', () => {
  it('is kept with every state', () => {
    const room = inCall();
    const [record] = records(room.message('operator', { type: 'hang-up', callId: 'call-1' }, 200));
    expect(record).toMatchObject({
      id: 'call-1',
      liftId: 'a',
      incidentId: 'i',
      cabinId: 'cabin',
      endReason: 'hung-up',
    });
    expect(record?.steps.map(({ state, at }) => `${state} ${at}`)).toEqual([
      'idle 10',
      'ringing 10',
      'negotiating 20',
      'connected 100',
      'ended 200',
    ]);
  });

  it.each<[RoomRole, string, RoomMessage, string]>([
    ['recorder', 'r', { type: 'call' }, 'NOT_ALLOWED'],
    ['operator', 'o2', { type: 'call' }, 'BUSY'],
    ['operator', 'o2', { type: 'take-over', callId: 'call-1' }, 'NOT_ALLOWED'],
    ['operator', 'o2', { type: 'hang-up', callId: 'call-1' }, 'NOT_ALLOWED'],
    ['operator', 'o2', { type: 'hang-up', callId: 'call-0' }, 'NO_CALL'],
    ['operator', 'o2', { type: 'answer', callId: 'call-1' }, 'NOT_ALLOWED'],
    ['operator', 'o2', { type: 'signal', callId: 'call-1', to: 'cabin', generation: 0 }, 'NO_PEER'],
  ])('of others: a %s’s %s %j is refused', (role, id, message, code) => {
    const room = inCall();
    room.join(joining(role, id), 150);
    const [told] = toldTo(room.message(id, message, 200), id);
    expect(told).toMatchObject({ type: 'error', code });
    expect(room.callState).toBe('connected');
  });

  it('says when nobody hears it in the cabin, and when somebody does again', () => {
    const room = inCall();
    const hears = (outputs: readonly RoomOutput[]): unknown[] =>
      toldTo(outputs, 'operator').map(
        (message) => message.type === 'call' && message.call.peers.find(({ id }) => id === 'cabin')?.hears,
      );
    expect(hears(room.message('cabin', { type: 'hears', hears: true }, 200))).toEqual([]);
    expect(hears(room.message('cabin', { type: 'hears', hears: false }, 210))).toEqual([false]);
    expect(hears(room.message('cabin', { type: 'hears', hears: true }, 220))).toEqual([undefined]);
    expect(room.callState).toBe('connected');
  });

  it('is told to be recorded, or to be no more; what is about another call is not', () => {
    const room = inCall();
    const said = (outputs: readonly RoomOutput[]): unknown[] =>
      ['cabin', 'operator'].flatMap((id) =>
        toldTo(outputs, id).map((message) => message.type === 'call' && message.call.recording),
      );
    expect(said(room.setRecording('call-1', 'on', 200))).toEqual(['on', 'on']);
    expect(said(room.setRecording('call-1', 'failed', 210))).toEqual(['failed', 'failed']);
    expect(room.setRecording('call-0', 'on', 220)).toEqual([]);
  });

  it('has room for its recorder beside as many listeners as are allowed', () => {
    const room = openRoom(3);
    for (const role of ['cabin', 'operator', 'supervisor'] as const) room.join(joining(role), 0);
    room.join(joining('supervisor', 'another'), 0);
    room.message('operator', { type: 'call' }, 10);
    room.message('cabin', { type: 'answer', callId: 'call-1' }, 20);
    room.message('supervisor', { type: 'listen', callId: 'call-1' }, 30);
    const peers = toldTo(room.join(joining('recorder'), 40), 'recorder').map(
      (message) => message.type === 'call' && message.call.peers.map(({ id }) => id),
    );
    expect(peers.at(-1)).toEqual(['cabin', 'operator', 'supervisor', 'recorder']);
    const refused = toldTo(room.message('another', { type: 'listen', callId: 'call-1' }, 50), 'another');
    expect(refused).toMatchObject([{ type: 'error', code: 'FULL' }]);
  });

  it('cannot be ended by the cabin', () => {
    const room = inCall();
    expect(toldTo(room.message('cabin', { type: 'hang-up', callId: 'call-1' }, 200), 'cabin')).toMatchObject([
      { type: 'error', code: 'NOT_ALLOWED' },
    ]);
  });

  it('takes no more listeners than its lines are to bear', () => {
    const room = inCall();
    for (const id of ['s1', 's2', 's3']) room.join(joining('supervisor', id), 150);
    const answers = ['s1', 's2', 's3'].map((id) =>
      toldTo(room.message(id, { type: 'listen', callId: 'call-1' }, 200), id),
    );
    expect(answers.map(([first]) => first?.type)).toEqual(['call', 'call', 'error']);
  });

  it('goes on without signaling as long as one side hears the other, and no longer', () => {
    const room = inCall();
    room.lineLost('cabin', 1_000);
    room.tick(60_000);
    expect(room.callState).toBe('connected');
    room.message(
      'operator',
      { type: 'report', callId: 'call-1', peer: 'cabin', media: 'disconnected' },
      61_000,
    );
    room.tick(61_001);
    expect(room.callState).toBe('idle');
  });

  it('ends when both sides are gone for the departure time', () => {
    const room = inCall();
    room.lineLost('cabin', 1_000);
    room.lineLost('operator', 1_000);
    expect(records(room.tick(20_999))).toEqual([]);
    expect(records(room.tick(21_000))).toMatchObject([{ endReason: 'cabin-gone' }]);
  });

  it('goes on after a restart of the service, for who comes back', () => {
    const before = inCall();
    const kept = records(
      before.message(
        'operator',
        { type: 'report', callId: 'call-1', peer: 'cabin', media: 'disconnected' },
        300,
      ),
    )[0]!;
    const room = openRoom();
    room.restore(kept, 400);
    const [told] = toldTo(room.join(joining('operator'), 500), 'operator').filter(
      ({ type }) => type === 'call',
    );
    // Nobody is cut off: the cabin, which has yet to come back, still sends and receives.
    expect(told).toMatchObject({
      call: {
        id: 'call-1',
        state: 'degraded',
        peers: [
          { id: 'cabin', sends: true, receives: true },
          { id: 'operator', instance: 'operator-page', sends: true, receives: true },
        ],
      },
    });
    room.join(joining('cabin'), 600);
    for (const [id, peer] of [
      ['cabin', 'operator'],
      ['operator', 'cabin'],
    ] as const)
      room.message(id, { type: 'report', callId: 'call-1', peer, media: 'connected' }, 700);
    expect(room.callState).toBe('connected');
  });

  it('whose cabin never comes back after a restart ends', () => {
    const room = openRoom();
    const kept = { ...records(inCall().endCall('closed', 300))[0]!, state: 'connected' as const };
    room.restore({ ...kept, steps: kept.steps.slice(0, -1) }, 400);
    room.join(joining('operator'), 500);
    expect(records(room.tick(20_400))).toMatchObject([{ endReason: 'cabin-gone' }]);
    expect(room.emptySince).toBeUndefined();
  });
});

describe('somebody', () => {
  it('hidden is told to nobody as a member', () => {
    const room = openRoom();
    room.join(joining('operator'), 0);
    const told = toldTo(room.join(joining('recorder'), 1), 'operator');
    expect(told).toMatchObject([{ type: 'members', members: [{ id: 'operator' }] }]);
  });

  it('whose link has run out is put out, in the middle of a call too', () => {
    const room = openRoom();
    room.join(joining('cabin'), 0);
    room.join(joining('guest', 'g', { expiresAt: 5_000 }), 0);
    room.message('g', { type: 'call' }, 10);
    const outputs = room.tick(5_000);
    expect(outputs).toContainEqual({ kind: 'bye', to: 'g', reason: 'expired' });
    expect(records(outputs)).toMatchObject([{ endReason: 'withdrawn' }]);
  });

  it('who left leaves an empty room', () => {
    const room = openRoom();
    room.join(joining('operator'), 0);
    expect(room.emptySince).toBeUndefined();
    room.message('operator', { type: 'leave' }, 77);
    expect(room.emptySince).toBe(77);
  });
});

const WHO = ['cabin', 'cabin2', 'operator', 'operator2', 'supervisor', 'recorder', 'guest'] as const;
const who = fc.constantFrom(...WHO);
const roleOf = (id: string): RoomRole => id.replace(/\d$/, '') as RoomRole;
const call = fc.constantFrom('call-1', 'call-2', 'call-9');
const act = fc.oneof(
  fc.record({ do: fc.constant('join' as const), id: who, page: fc.constantFrom('p', 'q') }),
  fc.record({ do: fc.constant('lost' as const), id: who }),
  fc.record({ do: fc.constant('withdraw' as const), id: who, all: fc.boolean() }),
  fc.record({ do: fc.constant('tick' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  fc.record({
    do: fc.constant('say' as const),
    id: who,
    message: fc.oneof(
      fc.constant<RoomMessage>({ type: 'call' }),
      fc.constant<RoomMessage>({ type: 'leave' }),
      call.chain((callId) =>
        fc.oneof(
          fc
            .constantFrom('answer' as const, 'listen' as const, 'take-over' as const, 'hang-up' as const)
            .map((type): RoomMessage => ({ type, callId })),
          fc
            .record({
              peer: who,
              media: fc.constantFrom(
                'connected' as const,
                'disconnected' as const,
                'restarting' as const,
                'failed' as const,
              ),
            })
            .map((rest): RoomMessage => ({ type: 'report', callId, ...rest })),
          who.map((to): RoomMessage => ({ type: 'signal', callId, to, generation: 0 })),
        ),
      ),
    ),
  }),
);

it('whatever they do: one call and one cabin at most, nothing to the absent, every end kept once', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
      const room = openRoom();
      const present = new Set<string>();
      const ended = new Set<string>();
      let now = 0;
      const check = (outputs: readonly RoomOutput[]): void => {
        for (const out of outputs) {
          if (out.kind === 'bye') present.delete(out.to);
          if (out.kind === 'record') {
            expect(ended.has(out.record.id)).toBe(false);
            if (out.record.state === 'ended') ended.add(out.record.id);
          }
          if (out.kind !== 'send') continue;
          expect([...present, 'just removed']).toContain(present.has(out.to) ? out.to : 'just removed');
          if (out.message.type === 'members') {
            const { members } = out.message;
            expect(members.filter(({ role }) => role === 'cabin').length).toBeLessThanOrEqual(1);
            expect(members.some(({ role }) => role === 'recorder')).toBe(false);
          }
          if (out.message.type === 'call') expect(out.message.call.peers.length).toBeLessThanOrEqual(4);
          if (out.message.type === 'signal') expect(out.message.from).not.toBe(out.to);
        }
      };
      for (const step of acts) {
        now += 100;
        if (step.do === 'join') {
          present.add(step.id);
          check(room.join(joining(roleOf(step.id), step.id, { instance: step.page }), now));
        } else if (step.do === 'lost') {
          present.delete(step.id);
          check(room.lineLost(step.id, now));
        } else if (step.do === 'withdraw') check(room.withdraw(step.id, step.all ? 'all' : ['publish'], now));
        else if (step.do === 'say') check(room.message(step.id, step.message, now));
        else {
          now += step.ms;
          check(room.tick(now));
        }
      }
      // Left alone, everything comes to rest.
      for (const id of WHO) check(room.lineLost(id, now));
      for (let n = 0; n < 5; n += 1) {
        now += 100_000;
        check(room.tick(now));
      }
      expect([room.callState, room.size]).toEqual(['idle', 0]);
      expect(room.emptySince).toBeDefined();
    }),
    { seed: 81, numRuns: 400 },
  );
});
