import { describe, expect, it } from 'vitest';
import type { CabinStatus } from '../../api/index.ts';
import { type Known, OVER_MS, situationOf, stageOf } from './stage.ts';

const NOW = 1_000_000;
const alarm = { incidentId: 'i1', phase: 'confirmed', receivedAt: NOW, pressed: true } as const;
const status = (more: Partial<CabinStatus>): CabinStatus => ({ liftId: 'l1', at: NOW, ...more });
const known = (more: Partial<Known>): Known => ({
  paired: true,
  status: status({}),
  away: false,
  press: 'none',
  call: undefined,
  now: NOW,
  ...more,
});

describe('the screen shows', () => {
  it.each([
    ['pairing', { paired: false }],
    ['well', {}],
    ['away', { away: true }],
    ['sending', { press: 'sending' }],
    ['unsent', { press: 'unsent', away: true }],
    ['running', { press: 'running' }],
    ['alarm', { status: status({ alarm }) }],
    ['alarm', { status: status({ alarm }), away: true }],
    ['seen', { status: status({ alarm: { ...alarm, phase: 'acknowledged', seenAt: NOW } }) }],
    ['help', { status: status({ alarm: { ...alarm, help: { saidAt: NOW } } }) }],
    ['door', { status: status({ alarm, door: 'open' }) }],
    ['connecting', { status: status({ alarm }), call: 'ringing' }],
    ['call', { status: status({ alarm, door: 'open' }), call: 'connected' }],
    ['call', { call: 'reconnecting', away: true }],
    ['alarm', { status: status({ alarm }), call: 'ended' }],
    ['over', { status: status({ alarm: { ...alarm, phase: 'relieved', relievedAt: NOW - OVER_MS + 1 } }) }],
    ['well', { status: status({ alarm: { ...alarm, phase: 'relieved', relievedAt: NOW - OVER_MS } }) }],
    [
      'sending',
      { press: 'sending', status: status({ alarm: { ...alarm, phase: 'relieved', relievedAt: NOW } }) },
    ],
  ] as const)('%s', (stage, more) => {
    expect(stageOf(known(more as Partial<Known>))).toBe(stage);
  });
});

describe('calming goes by', () => {
  const clock = { toCalming: (ts: number) => ts - NOW, show: () => '14:03' };

  it('what is known best: that help comes, and when', () => {
    const help = { saidAt: NOW, arrivesAt: NOW + 60_000 };
    expect(
      situationOf(known({ status: status({ alarm: { ...alarm, seenAt: NOW, help } }) }), clock),
    ).toMatchObject({
      phase: 'coming',
      arrivesAt: 60_000,
      receivedAt: '14:03',
    });
  });

  it('a call for help that does not get through', () => {
    expect(situationOf(known({ press: 'unsent' }), clock)).toMatchObject({ phase: 'unsent' });
  });

  it('nothing once it is over, and nothing of a press that has just been made', () => {
    expect(
      situationOf(known({ status: status({ alarm: { ...alarm, phase: 'relieved' } }) }), clock),
    ).toBeUndefined();
    expect(situationOf(known({ press: 'sending' }), clock)).toBeUndefined();
  });
});
