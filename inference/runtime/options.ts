import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError } from '../../core/index.ts';

/** How and where networks run; one engine serves all cameras. */
export const EngineOptions = Type.Object({
  workers: Type.Integer({
    default: 2,
    minimum: 0,
    maximum: 64,
    description:
      'Threads that run networks side by side, each with its own copy of every model (30–60 MB). More: more pictures a second while cores are free. 0: run in the calling thread, which stands still meanwhile; for short scripts only.',
  }),
  intraOpThreads: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 64,
    description:
      'Threads within one run of a network. Raising it shortens a single answer and lowers what the machine answers in all.',
  }),
  executionProviders: Type.Array(Type.String(), {
    default: ['cpu'],
    minItems: 1,
    description:
      'Where to run, best first: cpu, cuda, tensorrt, webgpu, coreml, dml. What cannot start gives way to the next in the list with a warning; the last one must start. Put cpu last to run in any case.',
  }),
});

export type EngineOptions = Static<typeof EngineOptions>;

const modelId = (fallback: string, description: string) =>
  Type.String({
    default: fallback,
    pattern: '^[a-z0-9][a-z0-9._-]*$',
    expected: 'the id of a built model',
    description,
  });

/** Which of the built models look at the cabins. */
export const VisionModels = Type.Object({
  detector: modelId(
    'cabin-detector',
    'Id of the model that finds people and things, e-bikes among them. One of your own: describe it in a manifest and build it with `cabinwatch models build MANIFEST.json`.',
  ),
  quickDetector: modelId(
    'cabin-detector-int8',
    'Id of the cheaper model that takes its place in all cabins while the machine does not keep up with them. The id of `detector`: nothing takes its place.',
  ),
  pose: modelId('movenet-multipose', 'Id of the model that finds people’s joints.'),
});

export type VisionModels = Static<typeof VisionModels>;

/** What looks at the cabins unless the configuration names others. */
export const DEFAULT_VISION_MODELS: Readonly<VisionModels> = Object.freeze(Value.Create(VisionModels));

/** @throws CabinwatchError CONFIG_INVALID that lists every wrong key */
export function engineOptions(input: Partial<EngineOptions> = {}): EngineOptions {
  const value = Value.Default(EngineOptions, { ...input });
  const errors = [...Value.Errors(EngineOptions, value)];
  if (errors.length) {
    const faults = errors.map(
      (error) => `engine${error.instancePath.replaceAll('/', '.')}: ${error.message}`,
    );
    throw new CabinwatchError('CONFIG_INVALID', faults.join('\n'));
  }
  return value as EngineOptions;
}
