import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AT_FLOOR, OPEN_AT_FLOOR, RIDING, ScriptedLift, STOPPED } from '../testing/scripted-lift.ts';
import { BUILT_IN_TABLES, loadFaultTable, readFaultTables } from './load-fault-table.ts';

const ROW = 'cause: { zh: 因, en: Cause }, advice: [{ zh: 试, en: Try }]';

describe('a table of causes', () => {
  it.each(BUILT_IN_TABLES)('%s comes with the service and is well formed', async (name) => {
    const { rows } = await readFaultTables([name]);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    for (const { cause, advice } of rows)
      for (const { zh, en } of [cause, ...advice]) {
        expect(zh).toMatch(/[\u4e00-\u9fff].*。$/);
        expect(en).toMatch(/^[A-Z].*\.$/);
      }
  });

  it.each([
    ['rows: []', /table/],
    [
      `table: t\nrows:\n  - { id: a, codes: [X], likelihood: certain, ${ROW} }`,
      /rows\[0\]\.likelihood: expected one of likely, possible, found "certain"/,
    ],
    [
      `table: t\nrows:\n  - { id: a, likelihood: likely, ${ROW} }`,
      /rows\[0\]: expected codes, patterns or both, found neither/,
    ],
    [
      `table: t\nrows:\n  - { id: a, patterns: [odd], likelihood: likely, ${ROW} }`,
      /rows\[0\]\.patterns\[0\]: expected one of door-open-while-moving.*found "odd"/,
    ],
    [
      `table: t\nrows:\n  - { id: a, codes: [X], likelihood: likely, ${ROW} }\n  - { id: a, codes: [Y], likelihood: likely, ${ROW} }`,
      /rows\[1\]\.id: .*again/,
    ],
    [`table: t\nextra: 1\nrows:\n  - { id: a, codes: [X], likelihood: likely, ${ROW} }`, /extra/],
    ['table: [', /t\.yaml/],
  ])('with a mistake is refused, naming it: %s', (text, problem) => {
    expect(() => loadFaultTable(text, 't.yaml')).toThrow(problem);
  });

  it('of a site comes before the general one, row by row', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faults-'));
    const path = join(folder, 'ours.yaml');
    await writeFile(
      path,
      `table: ours\nrows:\n  - { id: door-operator-fault, codes: [D9], likelihood: possible, ${ROW} }\n`,
    );
    const { rows } = await readFaultTables([path, 'generic']);
    await rm(folder, { recursive: true });
    expect(rows[0]).toMatchObject({ id: 'door-operator-fault', codes: ['D9'] });
    expect(rows.filter(({ id }) => id === 'door-operator-fault')).toHaveLength(1);
    await expect(readFaultTables(['nowhere.yaml'])).rejects.toThrow(/nowhere\.yaml.*generic, example-serial/);
  });
});

describe('a reading of the cause', () => {
  const causes = async (tables: string[], play: (lift: ScriptedLift) => void): Promise<string[]> => {
    const lift = new ScriptedLift({}, { faultTable: await readFaultTables(tables) });
    lift.car(OPEN_AT_FLOOR, 0).people(1, 3).car({ door: 'closed' }, 8);
    play(lift);
    return lift.judge
      .open()
      .flatMap((incident) => incident.causes.map(({ id, likelihood }) => `${id}: ${likelihood}`));
  };
  const stopped = (faults: string[]) => (lift: ScriptedLift) =>
    void lift
      .car(RIDING, 10)
      .car({ ...STOPPED, faults }, 20)
      .to(40);

  it('goes by code, and then by what the timeline looks like', async () => {
    expect(await causes(['generic'], stopped(['SAFETY-CIRCUIT']))).toEqual([
      'safety-circuit-open: likely',
      'stopped-on-the-way: possible',
      'between-floors: possible',
    ]);
  });

  it('knows a vendor’s codes by its table, a star standing for any rest', async () => {
    expect((await causes(['example-serial', 'generic'], stopped(['E17'])))[0]).toBe('serial-door: likely');
    expect((await causes(['example-numbered', 'generic'], stopped(['305'])))[0]).toBe(
      'numbered-lock-moving: likely',
    );
  });

  it('is hedged where there is nothing but the alarm button', async () => {
    const only = await causes(['generic'], (lift) => {
      lift.car({ ...AT_FLOOR, alarmButton: true }, 12).to(20);
    });
    expect(only).toEqual(['alarm-alone: possible', 'door-not-asked: possible']);
  });
});
