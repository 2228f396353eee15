import { readFile } from 'node:fs/promises';
import { Type } from 'typebox';
import { configError, mergeOverrides, overridesOf, readYaml } from '../../config/index.ts';
import { CabinwatchError } from '../../core/index.ts';
import { IncidentOptions, incidentOptions } from '../../incidents/index.ts';
import { InferenceOptions, inferenceOptions } from '../../inference/index.ts';

/** What `analyze --lift` reads: a lift as in the configuration file, of which only what is judged here counts. */
const LiftFile = Type.Object({
  id: Type.String({ default: 'video', minLength: 1, description: "The lift's id, as it appears in events." }),
  inference: Type.Optional(overridesOf('inference', InferenceOptions)),
  incidents: Type.Optional(overridesOf('incidents', IncidentOptions)),
});

export interface LiftSettings {
  readonly liftId: string;
  readonly inference: InferenceOptions;
  readonly incidents: IncidentOptions;
}

/**
 * The settings of the lift that a video is of; the defaults without a file.
 * @throws CabinwatchError INPUT_NOT_FOUND, CONFIG_INVALID
 */
export async function readLiftFile(path: string | undefined): Promise<LiftSettings> {
  if (path === undefined)
    return { liftId: 'video', inference: inferenceOptions(), incidents: incidentOptions() };
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new CabinwatchError('INPUT_NOT_FOUND', `The lift file ${path} can't be read: ${cause.message}`, {
      cause,
    });
  });
  const { value, problems } = readYaml(LiftFile, text, { environment: process.env });
  if (!value) throw configError(path, problems);
  return {
    liftId: value.id,
    inference: mergeOverrides(inferenceOptions(), value.inference),
    incidents: mergeOverrides(incidentOptions(), value.incidents),
  };
}
