export { type Collision, findCollisions } from './synthetic/collisions.ts';
export { synthRandomInWorkers } from './synthetic/random-workers.ts';
export { loadScenario, parseScenario } from './synthetic/scenario/load.ts';
export { type Scenario, ScenarioSchema } from './synthetic/scenario/schema.ts';
export { type SynthOptions, synth } from './synthetic/synth.ts';
export { collect, type SynthRandomOptions, synthRandom } from './synthetic/synth-random.ts';
export { readTruth, type Truth } from './synthetic/truth/read.ts';
export type { FrameTruth, ObjectTruth, PersonTruth } from './synthetic/truth/record.ts';
export type { TruthEvent, TruthSummary } from './synthetic/truth/summary.ts';
