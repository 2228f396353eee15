import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createLens } from '../lens.ts';
import { loadScenario, parseScenario } from './load.ts';

const problem = (yaml: string): string => {
  try {
    parseScenario(yaml, 'my.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'no problem';
};

describe('parseScenario', () => {
  it('fills in every default', () => {
    const s = parseScenario('name: a\nduration: 5\n');
    expect(s).toMatchObject({
      fps: 12,
      width: 640,
      height: 360,
      cabin: { width: 1.6, floor: 'stone' },
      camera: { mount: 'back-left' },
      car: { door: 'closed', steps: [] },
      people: [],
    });
  });

  it('lists every mistake at once, with path, expected and found', () => {
    const text = problem(
      'name: A b\nduration: -1\ncabin: {walls: gold, colour: red}\npeople: [{id: x, start: {x: 0, z: 0}, steps: [{at: 1, do: fly}]}]\n',
    );
    expect(text).toContain('my.yaml');
    expect(text).toMatch(/duration: expected: must be >= 0.1, found -1/);
    expect(text).toMatch(/cabin\.walls: expected one of steel.*found "gold"/);
    expect(text).toMatch(/cabin: unknown key colour/);
    expect(text).toMatch(/people\.0\.steps\.0\.do: expected one of walk.*found "fly"/);
  });

  it('checks what refers to something else', () => {
    const text = problem(
      'name: a\nduration: 5\npeople: [{id: ann, start: {x: 0, z: 0}, steps: [{at: 9, do: walk}]}]\nobjects: [{id: ann, kind: pram, held: [{by: bob, from: 0}]}]\ncar: {steps: [{at: 0, do: travel}]}\n',
    );
    expect(text).toContain('the id ann is used twice');
    expect(text).toContain('people.0.steps.0.to: expected the corners');
    expect(text).toContain('people.0.steps.0.at: expected at most the duration 5, found 9');
    expect(text).toContain('objects.0.held.0.by: expected a person id, found bob');
    expect(text).toContain('car.steps.0.to: expected a floor');
  });

  it('knows the wardrobe', () => {
    const text = problem(
      'name: a\nduration: 5\npeople: [{id: ann, look: {sex: female, outfit: toga, hair: mohawk}, start: {x: 0, z: 0}}]\n',
    );
    expect(text).toMatch(/people\.0\.look\.outfit: expected one of female_casualsuit01.*found "toga"/);
    expect(text).toMatch(/people\.0\.look\.hair: expected one of long01.*found "mohawk"/);
  });

  it('takes any lens from a pinhole of 70 degrees to a fisheye of 170', () => {
    for (const lens of ['{hfov: 70, fisheye: 0}', '{hfov: 170, fisheye: 0}', '{hfov: 170, fisheye: 1}']) {
      const { camera } = parseScenario(`name: a\nduration: 5\ncamera: ${lens}\n`);
      expect(createLens(camera.hfov, camera.fisheye).edge).toBeGreaterThan(0.5);
    }
  });

  it('says so when the text is not YAML or the file is not there', async () => {
    expect(problem('name: [')).toMatch(/my\.yaml is not valid YAML/);
    await expect(loadScenario('/nowhere/x.yaml')).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
    expect(await readFile(new URL('../clips/fall/scenario.yaml', import.meta.url), 'utf8')).toContain(
      'name: fall',
    );
  });
});
