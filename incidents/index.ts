export { type Site, toAlarmMessage } from './alarm-message.ts';
export {
  createIncidentDesk,
  type IncidentDesk,
  type IncidentDeskDeps,
  type IncidentDeskEvents,
  type IncidentDeskOptions,
  type LiftSetup,
} from './desk/incident-desk.ts';
export {
  AlarmOptions,
  createDispatcher,
  createSinks,
  type Dispatcher,
  type DispatcherDeps,
  DispatchOptions,
  type LaneHealth,
  sinkNames,
} from './dispatch/index.ts';
export { type FaultTable, FaultTableSchema } from './faults/fault-table.ts';
export { BUILT_IN_TABLES, loadFaultTable, readFaultTables } from './faults/load-fault-table.ts';
export type { JudgeInput } from './inputs.ts';
export { createLiftJudge, type JudgeState, type LiftJudge, type LiftJudgeOptions } from './lift-judge.ts';
export { IncidentOptions, type IncidentOptionsInput, incidentOptions } from './options.ts';
