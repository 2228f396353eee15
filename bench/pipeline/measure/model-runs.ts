/** Runs of the models: whole pictures and crops by the detector and by its quick stand-in, and poses. */
export const MODEL_RUNS = ['detect', 'crop', 'quick', 'quickCrop', 'pose'] as const;
export type ModelRun = (typeof MODEL_RUNS)[number];
export type ModelRuns = Readonly<Record<ModelRun, number>>;

export function runsOf(count: (run: ModelRun) => number): Record<ModelRun, number> {
  return Object.fromEntries(MODEL_RUNS.map((run) => [run, count(run)])) as Record<ModelRun, number>;
}
