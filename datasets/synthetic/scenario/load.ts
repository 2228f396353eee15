import { readFile } from 'node:fs/promises';
import { Value } from 'typebox/value';
import { parse as parseYaml } from 'yaml';
import { CabinwatchError } from '../../../core/index.ts';
import { HAIR, OUTFITS } from '../people/wardrobe.ts';
import { type Look, type Scenario, ScenarioSchema } from './schema.ts';

export async function loadScenario(path: string): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CabinwatchError('INPUT_NOT_FOUND', `no scenario at ${path}`, { cause });
  }
  return parseScenario(text, path);
}

/** Reads a scenario from YAML. All that is wrong is listed at once, each with its path, what was expected and found. */
export function parseScenario(text: string, source = 'scenario'): Scenario {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    throw new CabinwatchError('CONFIG_INVALID', `${source} is not valid YAML: ${(cause as Error).message}`, {
      cause,
    });
  }
  return checkScenario(raw, source);
}

export function checkScenario(raw: unknown, source = 'scenario'): Scenario {
  const value = Value.Default(ScenarioSchema, structuredClone(raw));
  const problems = Value.Check(ScenarioSchema, value) ? referenceProblems(value) : shapeProblems(value);
  if (problems.length > 0) {
    throw new CabinwatchError('CONFIG_INVALID', `${source}:\n${problems.map((p) => `  ${p}`).join('\n')}`);
  }
  return value as Scenario;
}

function shapeProblems(value: unknown): string[] {
  const seen = new Set<string>();
  const out: string[] = [];
  for (const error of Value.Errors(ScenarioSchema, value)) {
    // A key that isn't allowed is reported by its parent with the name, which reads better.
    if (error.keyword === 'boolean') continue;
    const params = error.params as { additionalProperties?: string[]; allowedValues?: unknown[] };
    const path = error.instancePath.slice(1).replaceAll('/', '.') || 'the scenario';
    const expected = params.additionalProperties
      ? `unknown key ${params.additionalProperties.join(', ')}`
      : params.allowedValues
        ? `expected one of ${params.allowedValues.join(', ')}`
        : `expected: ${error.message}`;
    const found = params.additionalProperties ? '' : `, found ${show(at(value, error.instancePath))}`;
    const line = `${path}: ${expected}${found}`;
    if (!seen.has(line)) out.push(line);
    seen.add(line);
  }
  return out;
}

function referenceProblems(scenario: Scenario): string[] {
  const out: string[] = [];
  const people = new Set<string>();
  const ids = new Set<string>();
  for (const [i, thing] of [...scenario.people, ...scenario.objects].entries()) {
    if (ids.has(thing.id)) out.push(`entry ${i}: the id ${thing.id} is used twice`);
    ids.add(thing.id);
  }
  scenario.people.forEach((person, i) => {
    people.add(person.id);
    out.push(...lookProblems(person.look, `people.${i}.look`));
    person.steps.forEach((step, k) => {
      const path = `people.${i}.steps.${k}`;
      if (step.do === 'walk' && !step.to)
        out.push(`${path}.to: expected the corners of the way, found nothing`);
      if (step.do === 'turn' && step.face === undefined)
        out.push(`${path}.face: expected a heading in degrees, found nothing`);
      if (step.at > scenario.duration)
        out.push(`${path}.at: expected at most the duration ${scenario.duration}, found ${step.at}`);
    });
  });
  scenario.objects.forEach((object, i) => {
    if (!object.start && object.held.length === 0)
      out.push(`objects.${i}: expected start or held, found neither`);
    object.held.forEach((h, k) => {
      if (!people.has(h.by)) out.push(`objects.${i}.held.${k}.by: expected a person id, found ${h.by}`);
    });
  });
  scenario.car.steps.forEach((step, i) => {
    if (step.do === 'travel' && step.to === undefined)
      out.push(`car.steps.${i}.to: expected a floor, found nothing`);
    if (step.do === 'fault' && !step.code)
      out.push(`car.steps.${i}.code: expected a fault code, found nothing`);
    if (step.do === 'mode' && !step.mode) out.push(`car.steps.${i}.mode: expected a mode, found nothing`);
  });
  return out;
}

function lookProblems({ outfit, hair, sex }: Look, path: string): string[] {
  const worn = sex ? OUTFITS[sex] : [...OUTFITS.female, ...OUTFITS.male];
  const grown = [...new Set([...HAIR.female, ...HAIR.male])];
  const out: string[] = [];
  if (outfit !== undefined && !(worn as readonly string[]).includes(outfit))
    out.push(`${path}.outfit: expected one of ${worn.join(', ')}, found ${show(outfit)}`);
  if (hair !== undefined && !(grown as readonly string[]).includes(hair))
    out.push(`${path}.hair: expected one of ${grown.join(', ')}, found ${show(hair)}`);
  return out;
}

function at(value: unknown, pointer: string): unknown {
  let here: unknown = value;
  for (const key of pointer.split('/').slice(1)) here = (here as Record<string, unknown> | undefined)?.[key];
  return here;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
