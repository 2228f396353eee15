import { describe, expect, it } from 'vitest';
import { INCIDENT_KINDS } from '../../core/index.ts';
import { loadFaultTable } from '../faults/load-fault-table.ts';
import { AT_FLOOR, OPEN_AT_FLOOR, RIDING, ScriptedLift, SILENT, STOPPED } from '../testing/scripted-lift.ts';
import { RULES } from './registry.ts';

const lift = (...args: ConstructorParameters<typeof ScriptedLift>): ScriptedLift => new ScriptedLift(...args);

it('there is one rule for every kind', () => {
  expect(RULES.map(({ kind }) => kind).sort()).toEqual([...INCIDENT_KINDS].sort());
});

describe('what the picture shows', () => {
  it('an e-bike is suspected by its warning, confirmed by the vote, over when gone, and the same within 10 s', () => {
    const story = lift()
      .see('ebike', 'started', { stage: 'warning' }, 5)
      .see('ebike', 'updated', { stage: 'confirmed', share: 0.9 }, 7)
      .see('ebike', 'ended', { stage: 'gone' }, 60)
      .see('ebike', 'started', { stage: 'confirmed', share: 0.9 }, 66)
      .see('ebike', 'ended', { stage: 'gone' }, 80)
      .to(200);
    expect(story.steps('ebike-entry')).toEqual([
      'opened 5',
      'confirmed 7',
      'relieved 60',
      'reopened 66',
      'relieved 80',
      'closed 90',
    ]);
    expect(story.after('ebike-entry', 'closed')).toMatchObject({ closeReason: 'over' });
  });

  it('a warning that the vote does not bear out is withdrawn', () => {
    const story = lift()
      .see('ebike', 'started', { stage: 'warning' }, 5)
      .see('ebike', 'ended', { stage: 'withdrawn' }, 8);
    expect(story.steps('ebike-entry')).toEqual(['opened 5', 'closed 8']);
    expect(story.after('ebike-entry', 'closed').evidence.at(-1)?.words.zh).toBe('再次确认后不是电动车。');
  });

  it('a fall is confirmed when nobody gets up, and critical when they do not move', () => {
    const story = lift().see('fall', 'started', {}, 10).see('motionless-person', 'started', {}, 130).to(140);
    expect(story.steps('fall')).toEqual(['opened 10', 'confirmed 15']);
    expect(story.after('fall', 'updated')).toMatchObject({ severity: 'critical' });
    expect(story.steps('motionless-person')).toEqual(['opened 130', 'confirmed 130']);
    expect(story.see('fall', 'ended', {}, 150).to(153).steps('fall').at(-1)).toBe('relieved 152');
  });

  it('a crowd is told with its number', () => {
    const story = lift().people(3, 8).see('crowding', 'started', { count: 7 }, 10);
    expect(story.after('crowding', 'confirmed').people).toBe(7);
    expect(story.after('crowding', 'confirmed').why).toEqual({
      en: 'The car is overcrowded: the camera shows 7 people in the car.',
      zh: '轿厢内过于拥挤：画面显示轿厢内有7人。',
    });
  });

  it('a covered lens is certain, a dark picture a suspicion', () => {
    expect(lift().see('camera-blocked', 'started', { certain: true }, 9).steps('camera-blocked')).toEqual([
      'opened 9',
      'confirmed 9',
    ]);
    expect(
      lift().see('camera-blocked', 'started', { certain: false }, 9).to(300).steps('camera-blocked'),
    ).toEqual(['opened 9']);
  });

  it.each(['cap'])('an end by %s of what is seen ends no incident', (reason) => {
    const story = lift()
      .see('motionless-person', 'started', {}, 10)
      .see('motionless-person', 'ended', { reason }, 50);
    expect(story.to(1000).steps('motionless-person')).toEqual(['opened 10', 'confirmed 10']);
  });
});

describe('who is not heard of', () => {
  it('a camera is confirmed to be away after 30 s, and the same one when it comes and goes', () => {
    const story = lift()
      .camera('online', 0)
      .camera('offline', 10)
      .camera('online', 60)
      .camera('offline', 100)
      .camera('online', 120)
      .to(500);
    expect(story.steps('camera-offline')).toEqual([
      'opened 20',
      'confirmed 40',
      'relieved 65',
      'reopened 110',
      'relieved 125',
      'closed 425',
    ]);
  });

  it('a camera that is back within 10 s is not told of', () => {
    const story = lift().camera('online', 0).camera('offline', 10).camera('online', 19).to(500);
    expect(story.steps('camera-offline')).toEqual([]);
  });

  it('a frozen picture counts as none', () => {
    expect(lift().see('camera-frozen', 'started', {}, 9).steps('camera-offline')).toEqual([
      'opened 9',
      'confirmed 9',
    ]);
  });

  it('a controller is suspected after 60 s of silence, confirmed after 180 s; a gap of 30 s is ordinary', () => {
    const story = lift().car(AT_FLOOR, 0).car(SILENT, 20).to(50).car(AT_FLOOR, 50).to(60);
    expect(story.steps('controller-offline')).toEqual([]);
    expect(story.car(SILENT, 80).to(300).steps('controller-offline')).toEqual([
      'opened 140',
      'confirmed 260',
    ]);
  });
});

describe('a door', () => {
  it('that turns back again and again is blocked', () => {
    const story = lift().car(OPEN_AT_FLOOR, 0);
    for (const t of [11, 19, 27]) story.car({ door: 'closing' }, t).car({ door: 'open' }, t + 1);
    expect(story.steps('door-blocked')).toEqual(['opened 20', 'confirmed 28']);
    expect(story.car({ door: 'closed' }, 47).to(60).steps('door-blocked').at(-1)).toBe('relieved 53');
  });

  it('that is held open by people for 60 s is suspected, for 90 s confirmed, and not reported as long open as well', () => {
    const story = lift().car(OPEN_AT_FLOOR, 0).people(1, 30).to(300);
    expect(story.steps('door-blocked')).toEqual(['opened 60', 'confirmed 90']);
    expect(story.steps('long-door-open')).toEqual([]);
  });

  it('that is open for 120 s without anyone is open for long', () => {
    expect(lift().car(OPEN_AT_FLOOR, 0).to(130).steps('long-door-open')).toEqual([
      'opened 120',
      'confirmed 120',
    ]);
  });

  it('that holds 40 s for parcels is nothing', () => {
    expect(lift().car(OPEN_AT_FLOOR, 0).people(1, 3).car({ door: 'closed' }, 42).to(60).changes).toEqual([]);
  });

  it('that cycles three times within 30 s is reported, until it is quiet', () => {
    const story = lift().car(AT_FLOOR, 0);
    for (const t of [2, 10, 18]) story.car({ door: 'open' }, t).car({ door: 'closed' }, t + 5);
    expect(story.steps('door-cycling')).toEqual(['opened 23', 'confirmed 23']);
    expect(story.to(70).steps('door-cycling').at(-1)).toBe('relieved 58');
  });

  it('that is kept open in fire mode is nothing', () => {
    expect(
      lift()
        .car({ ...OPEN_AT_FLOOR, mode: 'fire' }, 0)
        .to(300).changes,
    ).toEqual([]);
  });
});

describe('a motion', () => {
  it('with an open door is critical from the second reading on', () => {
    const story = lift()
      .car({ ...OPEN_AT_FLOOR, speed: 0.2 }, 0)
      .car({ speed: 0.9 }, 1)
      .to(3);
    expect(story.steps('door-open-moving')).toEqual(['opened 1', 'confirmed 2']);
    expect(story.car({ speed: 0 }, 4).to(10).steps('door-open-moving').at(-1)).toBe('relieved 7');
  });

  it('above the rated speed is confirmed by the third reading', () => {
    const story = lift({ motion: { ratedSpeed: 1.75 } })
      .car(RIDING, 0)
      .car({ speed: 2.4 }, 5)
      .to(8);
    expect(story.steps('overspeed')).toEqual(['opened 6', 'confirmed 7']);
    expect(story.car({ speed: 1.7 }, 9).to(30).steps('overspeed').at(-1)).toBe('relieved 26');
  });

  it('past the top floor is suspected by position and confirmed by a code that means it', () => {
    const faultTable = loadFaultTable(
      'table: t\nrows:\n  - { id: limit, codes: [X7], means: overtravel, likelihood: likely, cause: { zh: 极限, en: Limit }, advice: [{ zh: 查, en: Check }] }',
    );
    const story = lift({ motion: { topFloor: 12 } }, { faultTable })
      .car({ ...RIDING, floor: 12 }, 0)
      .car(STOPPED, 5);
    expect(story.to(20).steps('overtravel')).toEqual(['opened 8']);
    expect(story.car({ faults: ['X7'] }, 21).steps('overtravel')).toEqual(['opened 8', 'confirmed 21']);
    expect(story.after('overtravel', 'confirmed').causes).toEqual([
      expect.objectContaining({ id: 'limit', likelihood: 'likely' }),
    ]);
  });
});
