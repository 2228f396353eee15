export type { LiftCounters } from './controlled-lift.ts';
export { type FileMessage, readControllerFile } from './controller-file.ts';
export {
  type ControllerEvents,
  type ControllerStats,
  type Controllers,
  type ControllersDeps,
  createControllers,
  type LiftWithController,
} from './create-controllers.ts';
export { compileMapping, type Mapped, type Mapping, mappingProblems } from './mapping/compile-mapping.ts';
export { MappingOptions } from './mapping/options.ts';
export { type CheckedMessage, ControllerMessageSchema, type ReadMessage, readMessage } from './message.ts';
export type { MqttStats } from './mqtt/source.ts';
export { ControllerOptions, LiftControllerOptions } from './options.ts';
export type { Ingested } from './payload.ts';
export type { MessageRejected } from './rejections.ts';
export { createSilenceLimits } from './silence-limits.ts';
export {
  type CarTracker,
  type CarTrackerOptions,
  createCarTracker,
} from './tracker/car-tracker.ts';
export type {
  Heeded,
  PushOutcome,
  PushResult,
  SilenceLimits,
  TrackerCounters,
} from './tracker/tracker-types.ts';
