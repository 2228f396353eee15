export type { CabinAlarm, CabinStatus, CallRecord, Incident, IncidentChange } from '../core/index.ts';
export { createPasswords, MIN_PASSWORD_LENGTH, type Passwords } from './auth/passwords.ts';
export { newKeyToken, secretHash } from './auth/secrets.ts';
export { type Api, type ApiDeps, createApi } from './create-api.ts';
export { openapiDocument } from './openapi-document.ts';
export { ApiOptions } from './options.ts';
export type {
  CabinBoard,
  Cabins,
  CabinTerminals,
  Calls,
  Cars,
  ControllerIngest,
  IncidentDesk,
  LiftAdmin,
  LiftEntry,
  LiftProblem,
  LiftSettings,
  Metrics,
  ServicePorts,
} from './ports.ts';
export { SIGNAL_PATH } from './ports.ts';
export type { IncidentHello } from './routes/incident-stream.ts';
export type { MediaAddress } from './routes/live.ts';
export type { RecordingView } from './routes/recordings.ts';
export type { MeView } from './schemas/account.ts';
export type { Wall, WallMessage } from './wall.ts';
export type {
  ActiveView,
  CameraView,
  EventView,
  HealthView,
  LiveView,
  SceneView,
  TrackView,
  WallMessages,
} from './wire.ts';
