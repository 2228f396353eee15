import { readFile } from 'node:fs/promises';
import { CabinwatchError } from '../core/index.ts';
import { type IncidentOptions, incidentOptions } from '../incidents/index.ts';
import { type InferenceOptions, inferenceOptions } from '../inference/index.ts';
import type { DeepReadonly } from './deep-freeze.ts';
import type { Environment } from './environment.ts';
import { mergeOverrides } from './overrides.ts';
import { configError, type ReadResult, readYaml } from './read.ts';
import { configRules, liftRules } from './rules.ts';
import { type Config, ConfigSchema, type Lift, LiftSchema } from './schema.ts';

/** The configuration with its defaults, or every mistake in the text. */
export function checkConfig(text: string, environment: Environment = process.env): ReadResult<Config> {
  return readYaml(ConfigSchema, text, { environment, rules: configRules });
}

/**
 * @param file named in the message
 * @throws CabinwatchError CONFIG_INVALID with every mistake: line, path, what was expected, what was found
 */
export function parseConfig(
  text: string,
  file: string,
  environment: Environment = process.env,
): DeepReadonly<Config> {
  const result = checkConfig(text, environment);
  if (result.value === undefined) throw configError(file, result.problems);
  return result.value;
}

/** @throws CabinwatchError INPUT_NOT_FOUND, CONFIG_INVALID */
export async function loadConfig(
  file: string,
  environment: Environment = process.env,
): Promise<DeepReadonly<Config>> {
  return parseConfig(await readConfigText(file), file, environment);
}

/** @throws CabinwatchError INPUT_NOT_FOUND */
export async function readConfigText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : (cause as Error).message;
    throw new CabinwatchError('INPUT_NOT_FOUND', `The configuration ${file} cannot be read: ${reason}.`, {
      cause,
    });
  }
}

/** One lift as the API was given it, with its defaults, or every mistake in it. Environment variables are not put in. */
export function checkLift(settings: unknown): ReadResult<Lift> {
  return readYaml(LiftSchema, JSON.stringify(settings), { environment: {}, rules: liftRules });
}

/** What the picture of one lift is judged by: the general thresholds, and its own over them. */
export function liftInference(config: DeepReadonly<Config>, lift: DeepReadonly<Lift>): InferenceOptions {
  return inferenceOptions(mergeOverrides(config.inference as InferenceOptions, lift.inference));
}

/** What the incidents of one lift are judged by. */
export function liftIncidents(config: DeepReadonly<Config>, lift: DeepReadonly<Lift>): IncidentOptions {
  return incidentOptions(mergeOverrides(config.incidents as IncidentOptions, lift.incidents));
}
