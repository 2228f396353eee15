import { expect, it } from 'vitest';
import { toAlarmMessage } from './alarm-message.ts';
import { LIFT, OPEN_AT_FLOOR, OPERATOR, RIDING, ScriptedLift, STOPPED } from './testing/scripted-lift.ts';

const site = { site: 'north yard' };

function trapped(lift = new ScriptedLift()): ScriptedLift {
  return lift
    .car(OPEN_AT_FLOOR, 0)
    .people(2, 3)
    .car({ door: 'closed' }, 8)
    .car(RIDING, 10)
    .car(STOPPED, 20)
    .to(40);
}

it('every step is told as a CloudEvent whose id stays the same', () => {
  const lift = trapped().act({ act: 'acknowledge' });
  const messages = lift.changes.map((change) => toAlarmMessage(change, site));
  expect(messages.map((m) => m?.type)).toEqual([
    'cabinwatch.incident.opened',
    'cabinwatch.incident.confirmed',
    'cabinwatch.incident.acknowledged',
  ]);
  expect(messages[1]).toMatchObject({
    specversion: '1.0',
    id: 'i1/2',
    source: '/cabinwatch/north%20yard/lifts/L1',
    subject: 'i1',
    time: '1970-01-01T00:00:35.000Z',
    datacontenttype: 'application/json',
    data: { change: 'confirmed', incident: { kind: 'entrapment', people: 2 } },
  });
});

it('a note raises no alarm', () => {
  const lift = trapped().act({ act: 'note', text: 'On my way.' });
  expect(lift.changes.at(-1)?.change).toBe('noted');
  expect(toAlarmMessage(lift.changes.at(-1)!, site)).toBeUndefined();
});

it('what maintenance silences is told when the silence ends, and the alarm button at once', () => {
  const window = { id: 'w', liftId: LIFT, from: 0, until: 60_000, by: OPERATOR, reason: 'check' };
  const lift = new ScriptedLift();
  lift.push({ type: 'maintenance', ts: 0, window });
  trapped(lift);
  const told = (): string[] => lift.changes.flatMap((change) => toAlarmMessage(change, site)?.type ?? []);
  expect(told()).toEqual([]);
  lift.to(70);
  expect(told()).toEqual(['cabinwatch.incident.updated']);

  const pressed = new ScriptedLift();
  pressed.push({ type: 'maintenance', ts: 0, window });
  trapped(pressed).car({ alarmButton: true }, 45);
  expect(pressed.changes.flatMap((c) => toAlarmMessage(c, site)?.time ?? [])[0]).toBe(
    '1970-01-01T00:00:45.000Z',
  );
});
