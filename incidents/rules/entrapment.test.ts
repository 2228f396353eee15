import { describe, expect, it } from 'vitest';
import { AT_FLOOR, OPEN_AT_FLOOR, RIDING, ScriptedLift, SILENT, STOPPED } from '../testing/scripted-lift.ts';

/** Two people board at a floor, the door closes, the car leaves at 10 s. */
const riding = (lift = new ScriptedLift()): ScriptedLift =>
  lift.car(OPEN_AT_FLOOR, 0).people(2, 3).car({ door: 'closed' }, 8).car(RIDING, 10);

const SHUT = { door: 'closed' } as const;

describe('an entrapment between floors', () => {
  it('is suspected after 12 s and confirmed after 15 s', () => {
    const lift = riding().car(STOPPED, 20).to(60);
    expect(lift.steps('entrapment')).toEqual(['opened 32', 'confirmed 35']);
    const [, confirmed] = lift.changes;
    expect(confirmed?.incident).toMatchObject({
      startedAt: 20_000,
      people: 2,
      floor: 5,
      severity: 'critical',
    });
    expect(confirmed?.incident.why).toEqual({
      en: '2 people are believed to be trapped: the camera shows 2 people inside; the car has stood between floors near floor 5 for 15 s.',
      zh: '判断有2人被困：画面显示轿厢内有2人；轿厢停在层间（5楼附近）已15秒。',
    });
    expect(confirmed?.incident.unless.en).toBe(
      'Over once the door opens at a floor and people leave, or the car runs normally for 2 s.',
    );
  });

  it('is nothing when nobody is inside', () => {
    expect(riding().people(0, 9).car(STOPPED, 20).to(400).steps('entrapment')).toEqual([]);
  });

  it('is withdrawn when the car mends itself before it is confirmed', () => {
    const lift = riding().car(STOPPED, 20).car({ speed: 0.4, direction: 'up' }, 33).to(60);
    expect(lift.steps('entrapment')).toEqual(['opened 32', 'closed 35']);
    expect(lift.changes.at(-1)?.incident).toMatchObject({ closeReason: 'withdrawn' });
  });

  it('is suspected late, and no more, while nobody knows whether anyone is inside', () => {
    const lift = new ScriptedLift().car(RIDING, 10).car(STOPPED, 20).to(300);
    expect(lift.steps('entrapment')).toEqual(['opened 80']);
    expect(lift.changes[0]?.incident).toMatchObject({ severity: 'serious', people: undefined });
    expect(lift.changes[0]?.incident.why.en).toContain('whether anyone is inside is not known');
  });

  it('takes the scales for a witness when the picture cannot tell', () => {
    const lift = new ScriptedLift()
      .car({ ...RIDING, load: 0.15 }, 10)
      .car(STOPPED, 20)
      .to(60);
    expect(lift.steps('entrapment')).toEqual(['opened 32', 'confirmed 35']);
    expect(lift.changes[1]?.incident.why.en).toContain('the car weighs 15% of its rated load');
  });

  it('is no reason for alarm while engineers are at work, but for the alarm button', () => {
    const lift = riding()
      .car({ ...STOPPED, mode: 'inspection' }, 20)
      .to(100);
    expect(lift.steps('entrapment')).toEqual([]);
    expect(lift.car({ alarmButton: true }, 100).to(130).steps('entrapment')).toEqual([
      'opened 103',
      'confirmed 115',
    ]);
  });

  it('is not confirmed by a stop that is only guessed: silence adds nothing to what was heard', () => {
    const lift = riding().car(STOPPED, 20).to(24).car(SILENT, 25).to(200);
    expect(lift.steps('entrapment')).toEqual([]);
  });

  it('outlives the silence of controller and camera', () => {
    const lift = riding().car(STOPPED, 20).to(40).camera('offline', 41).car(SILENT, 45).to(4000);
    expect(lift.steps('entrapment')).toEqual(['opened 32', 'confirmed 35']);
  });

  it('keeps the people whom a lost camera saw, as the door has stayed closed', () => {
    const lift = riding().camera('offline', 15).car(STOPPED, 20).to(60);
    expect(lift.steps('entrapment')).toEqual(['opened 32', 'confirmed 35']);
    expect(lift.after('entrapment', 'confirmed').why.en).toContain(
      '2 people were inside when last seen, and the door has not opened since',
    );
  });

  it('counts those whom others hide: nobody leaves through a closed door', () => {
    const lift = riding().people(3, 11).people(2, 14).car(STOPPED, 20).to(60);
    const { people, why } = lift.after('entrapment', 'confirmed');
    expect(people).toBe(3);
    expect(why.en).toContain(
      '3 people are believed to be trapped: the camera has shown 3 people inside since',
    );
    expect(why.zh).toContain('判断有3人被困：关门后画面曾显示轿厢内有3人');
  });

  it.each<[string, (lift: ScriptedLift) => ScriptedLift]>([
    ['a glimpse of a third', (lift) => lift.car(SHUT, 8).people(3, 12).people(2, 13)],
    ['a third who was there before the door closed', (lift) => lift.people(3, 4).people(2, 7)],
    [
      'a third who got off on the way',
      (lift) => lift.car(SHUT, 8).people(3, 11).car(OPEN_AT_FLOOR, 14).people(2, 15),
    ],
    [
      'a third from before the controller was silent',
      (lift) => lift.car(SHUT, 8).people(3, 9).car(SILENT, 12).people(2, 14),
    ],
  ])('does not count %s', (_what, ride) => {
    const lift = new ScriptedLift().car(OPEN_AT_FLOOR, 0).people(2, 3);
    ride(lift).car({ door: 'closed' }, 16).car(RIDING, 18).car(STOPPED, 20).to(60);
    expect(lift.after('entrapment', 'confirmed').people).toBe(2);
  });

  it('is not over when a door is forced open between floors, but once they are out', () => {
    const lift = riding().car(STOPPED, 20).to(40).car({ door: 'open' }, 41).to(100);
    expect(lift.steps('entrapment')).toEqual(['opened 32', 'confirmed 35']);
    expect(lift.people(0, 101).to(110).steps('entrapment').at(-1)).toBe('relieved 101');
  });
});

describe('an entrapment at a floor', () => {
  const boarded = (): ScriptedLift => new ScriptedLift().car(OPEN_AT_FLOOR, 0).people(1, 3);

  it('is suspected after 45 s and confirmed after 80 s behind a closed door', () => {
    const lift = boarded().car({ door: 'closed' }, 10).to(120);
    expect(lift.steps('entrapment')).toEqual(['opened 55', 'confirmed 90']);
    expect(lift.changes[1]?.incident.why.zh).toBe(
      '判断有1人被困：画面显示轿厢内有1人；轿厢停在5楼，门关闭已80秒。',
    );
  });

  it('is nothing in an idle, empty car, though the camera sees a ghost for some seconds', () => {
    const lift = boarded().people(0, 8).car({ door: 'closed' }, 10).people(1, 60).people(0, 68).to(1000);
    expect(lift.steps('entrapment')).toEqual([]);
  });

  it('is confirmed by a third failed opening', () => {
    const lift = riding().car(AT_FLOOR, 30);
    for (const t of [32, 36, 40]) lift.car({ door: 'opening' }, t).car({ door: 'closed' }, t + 1);
    expect(lift.to(50).steps('entrapment')).toEqual(['opened 37', 'confirmed 41']);
    expect(lift.changes[1]?.incident.why.en).toContain('the door has failed to open 3 times');
  });

  it('is suspected 3 s after the alarm button and confirmed 15 s after it', () => {
    const lift = boarded()
      .car({ door: 'closed' }, 10)
      .car({ alarmButton: true }, 20)
      .car({ alarmButton: false }, 22);
    expect(lift.to(60).steps('entrapment')).toEqual(['opened 23', 'confirmed 35']);
  });

  it('is nothing when a child plays with the alarm button on the way', () => {
    const lift = riding().car({ alarmButton: true }, 15);
    lift
      .car({ ...AT_FLOOR, alarmButton: false }, 25)
      .car({ door: 'opening' }, 28)
      .car({ door: 'open' }, 30);
    expect(lift.to(60).steps('entrapment')).toEqual([]);
  });

  it('is suspected 5 s after a new fault and confirmed 20 s after it', () => {
    const lift = boarded()
      .car({ door: 'closed' }, 10)
      .car({ faults: ['E12'] }, 15)
      .to(60);
    expect(lift.steps('entrapment')).toEqual(['opened 20', 'confirmed 35']);
  });

  it('is nothing for a fault that has stood for days', () => {
    const lift = new ScriptedLift()
      .car({ ...AT_FLOOR, faults: ['E99'] }, 0)
      .car({ ...RIDING, faults: ['E99'] }, 60);
    lift
      .car({ ...OPEN_AT_FLOOR, faults: ['E99'] }, 80)
      .people(1, 82)
      .car({ door: 'closed' }, 90)
      .to(120);
    expect(lift.steps('entrapment')).toEqual([]);
  });

  it('is over once the door has stood open, though nobody leaves', () => {
    const lift = boarded().car({ door: 'closed' }, 10).to(100).car({ door: 'open' }, 101).to(140);
    expect(lift.steps('entrapment').at(-1)).toBe('relieved 111');
  });

  it('is no concern of firefighters, who keep the door closed on purpose', () => {
    expect(boarded().car({ door: 'closed', mode: 'fire' }, 10).to(300).steps('entrapment')).toEqual([]);
  });
});

describe('an entrapment seen by the camera alone', () => {
  it('is suspected after five minutes without coming and going, says so, and is never confirmed', () => {
    const lift = new ScriptedLift().people(1, 10).to(4000);
    expect(lift.story('entrapment').slice(0, 1)).toEqual(['opened 310']);
    expect(lift.steps('entrapment')).toEqual(['opened 310']);
    expect(lift.changes[0]?.incident).toMatchObject({ severity: 'serious', phase: 'suspected' });
    expect(lift.changes[0]?.incident.why.en).toBe(
      '1 person may be trapped: the camera shows 1 person inside; nobody has come or gone for 5 min; no word from the controller, so this rests on the picture alone.',
    );
  });

  it('is nothing while people come and go', () => {
    const lift = new ScriptedLift();
    for (let t = 10; t < 3000; t += 100) lift.people(1 + ((t / 100) % 2 < 1 ? 0 : 1), t);
    expect(lift.steps('entrapment')).toEqual([]);
  });

  it('is withdrawn when the car is seen to be empty', () => {
    const lift = new ScriptedLift().people(1, 10).people(0, 400).to(500);
    expect(lift.steps('entrapment')).toEqual(['opened 310', 'closed 430']);
  });

  it('is nothing after a restart, of which nothing is known', () => {
    expect(new ScriptedLift().to(4000).changes).toEqual([]);
  });
});

describe('help asked for on the cabin’s screen', () => {
  const help = (lift: ScriptedLift, t: number): ScriptedLift => {
    lift.to(t).push({ type: 'help', ts: t * 1000 });
    return lift;
  };

  it('is an alarm at once in a car of which nothing else is known, and says why', () => {
    const lift = help(new ScriptedLift(), 10).to(60);
    expect(lift.steps('entrapment')).toEqual(['opened 10']);
    expect(lift.after('entrapment', 'opened').severity).toBe('critical');
    expect(lift.after('entrapment', 'opened').why.en).toContain('help was asked for on the cabin');
    expect(lift.after('entrapment', 'opened').evidence[0]?.source).toBe('person');
  });

  it('is confirmed once the car is known to have stood closed for 15 s after it, whatever the picture shows', () => {
    const lift = new ScriptedLift().people(0, 1).car(AT_FLOOR, 2);
    expect(help(lift, 100).to(160).steps('entrapment')).toEqual(['opened 100', 'confirmed 115']);
  });

  it('is no alarm while the car runs or its door is open', () => {
    expect(help(riding(), 20).to(40).steps('entrapment')).toEqual([]);
    expect(help(new ScriptedLift().car(OPEN_AT_FLOOR, 2), 5).to(300).steps('entrapment')).toEqual([]);
  });

  it('is remembered: an alarm as soon as the car stands and stays closed', () => {
    const lift = help(riding(), 20).car(STOPPED, 30).to(60);
    expect(lift.steps('entrapment')).toEqual(['opened 30', 'confirmed 45']);
  });

  it('is over when the door has opened', () => {
    const lift = help(new ScriptedLift().car(AT_FLOOR, 2), 20).car({ door: 'open' }, 60).to(90);
    expect(lift.steps('entrapment')).toEqual(['opened 20', 'confirmed 35', 'relieved 70']);
  });
});
