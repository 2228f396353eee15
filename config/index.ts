export type { DeepReadonly } from './deep-freeze.ts';
export { configExample, configReference } from './documents.ts';
export type { Environment } from './environment.ts';
export {
  checkConfig,
  checkLift,
  liftIncidents,
  liftInference,
  loadConfig,
  parseConfig,
  readConfigText,
} from './load.ts';
export { mergeOverrides, overridesOf } from './overrides.ts';
export { configError, formatProblem, type ReadOptions, type ReadResult, readYaml } from './read.ts';
export { type Config, ConfigSchema, type Lift } from './schema.ts';
export { type ConfigPath, type ConfigProblem, formatPath } from './yaml-source.ts';
