import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_END_REASONS, CALL_STATES, type CallState } from '../../core/index.ts';
import { MEDIA_STATES } from '../protocol/messages.ts';
import { CALL_TIMES, type CallEvent, CallMachine } from './call-machine.ts';

const machine = (): CallMachine => new CallMachine(CALL_TIMES, 0);

function run(events: readonly CallEvent[]): CallMachine {
  const call = machine();
  for (const [index, event] of events.entries()) call.push(event, index);
  return call;
}

const media = (state: (typeof MEDIA_STATES)[number]): CallEvent => ({ type: 'media', media: state });
const CONNECTED: readonly CallEvent[] = [{ type: 'ring' }, { type: 'answered' }, media('connected')];

describe('a call', () => {
  it('goes from ringing to connected, each state with its time', () => {
    expect(run(CONNECTED).steps).toEqual([
      { state: 'idle', at: 0 },
      { state: 'ringing', at: 0 },
      { state: 'negotiating', at: 1 },
      { state: 'connected', at: 2 },
    ]);
  });

  it.each<[string, CallEvent[], CallState]>([
    ['a gap', [media('disconnected')], 'degraded'],
    ['a gap that mends', [media('disconnected'), media('connected')], 'connected'],
    ['an ICE restart', [media('disconnected'), media('restarting')], 'reconnecting'],
    ['an ICE restart that works', [media('restarting'), media('connected')], 'connected'],
    ['another holder', [{ type: 'handed-over' }], 'negotiating'],
    ['media given up', [media('restarting'), media('failed')], 'ended'],
    ['a late answer', [{ type: 'answered' }], 'connected'],
    ['a second ring', [{ type: 'ring' }], 'connected'],
  ])('after %s', (_name, events, state) => {
    expect(run([...CONNECTED, ...events]).state).toBe(state);
  });

  it('says that it failed before it says that it is over', () => {
    const call = run([...CONNECTED, media('failed')]);
    expect(call.steps.slice(-2).map(({ state }) => state)).toEqual(['failed', 'ended']);
    expect(call.endReason).toBe('lost');
  });

  it.each<[CallEvent[], number, CallState]>([
    [[{ type: 'ring' }], CALL_TIMES.answerMs, 'ended'],
    [[{ type: 'ring' }, { type: 'answered' }], CALL_TIMES.negotiateMs, 'ended'],
    [[...CONNECTED, media('disconnected')], CALL_TIMES.degradedMs, 'reconnecting'],
    [[...CONNECTED, media('restarting')], CALL_TIMES.reconnectMs, 'ended'],
  ])('waits no longer than stated (%#)', (events, limit, after) => {
    const call = run(events);
    const { state, since } = call;
    expect(call.tick(since + limit - 1)).toBe(false);
    expect(call.state).toBe(state);
    expect(call.tick(since + limit)).toBe(true);
    expect(call.state).toBe(after);
  });
});

const anyEvent = fc.oneof(
  fc.constantFrom<CallEvent>({ type: 'ring' }, { type: 'answered' }, { type: 'handed-over' }),
  fc.constantFrom(...MEDIA_STATES).map(media),
  fc.constantFrom(...CALL_END_REASONS).map((reason): CallEvent => ({ type: 'end', reason })),
);
const anyStep = fc.oneof(
  anyEvent.map((event) => ({ event, wait: 0 })),
  fc.integer({ min: -5_000, max: 90_000 }).map((wait) => ({ event: undefined, wait })),
);

const FOLLOWS: Readonly<Record<CallState, readonly CallState[]>> = {
  idle: ['ringing', 'ended'],
  ringing: ['negotiating', 'ended'],
  negotiating: ['negotiating', 'connected', 'reconnecting', 'failed', 'ended'],
  connected: ['negotiating', 'degraded', 'reconnecting', 'failed', 'ended'],
  degraded: ['negotiating', 'connected', 'reconnecting', 'failed', 'ended'],
  reconnecting: ['negotiating', 'connected', 'failed', 'ended'],
  failed: ['ended'],
  ended: [],
};

describe('whatever happens, in whatever order and with whatever clock,', () => {
  const property = (check: (call: CallMachine) => void): void =>
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const call = machine();
        let now = 0;
        for (const { event, wait } of steps) {
          now += wait;
          const before = call.steps.length;
          const changed = event ? call.push(event, now) : call.tick(now);
          expect(changed).toBe(call.steps.length > before);
        }
        check(call);
      }),
      { seed: 28, numRuns: 500 },
    );

  it('only stated steps are taken, in order of time', () => {
    property(({ steps }) => {
      for (const [index, { state, at }] of steps.entries()) {
        expect(CALL_STATES).toContain(state);
        const before = steps[index - 1];
        if (!before) continue;
        expect(FOLLOWS[before.state]).toContain(state);
        expect(at).toBeGreaterThanOrEqual(before.at);
      }
    });
  });

  it('an end has a reason, is final, and nothing else has one', () => {
    property((call) => {
      expect(call.endReason !== undefined).toBe(call.state === 'ended');
      const { steps, endReason } = call;
      if (call.state !== 'ended') return;
      expect(call.push({ type: 'end', reason: 'closed' }, 1e9)).toBe(false);
      expect(call.tick(1e9)).toBe(false);
      expect([call.steps, call.endReason]).toEqual([steps, endReason]);
    });
  });

  it('no state but connected lasts for ever', () => {
    property((call) => {
      for (let now = call.since, n = 0; n < 4; n += 1) {
        now += 100_000;
        call.tick(now);
      }
      expect(['idle', 'connected', 'ended']).toContain(call.state);
    });
  });

  it('what was kept is enough to go on with', () => {
    property((call) => {
      const again = new CallMachine(CALL_TIMES, 0, JSON.parse(JSON.stringify(call.steps)));
      expect([again.state, again.since]).toEqual([call.state, call.since]);
    });
  });
});

it('keeps the first and the latest steps of a call that flaps for hours', () => {
  const call = run(CONNECTED);
  for (let n = 0; n < 500; n += 1) call.push(media(n % 2 === 0 ? 'disconnected' : 'connected'), 10 + n);
  expect(call.steps).toHaveLength(200);
  expect(call.steps.slice(0, 4).map(({ state }) => state)).toEqual([
    'idle',
    'ringing',
    'negotiating',
    'connected',
  ]);
  expect(call.steps.at(-1)).toEqual({ state: 'connected', at: 509 });
});
