export { createDispatcher, type Dispatcher, type DispatcherDeps } from './create-dispatcher.ts';
export { createSinks, sinkNames } from './create-sinks.ts';
export { AlarmOptions, DispatchOptions } from './options.ts';
export type { LaneHealth } from './sink-lane.ts';
