export { type Api, type ApiDeps, createApi } from './create-api.ts';
export { ApiOptions } from './options.ts';
export type { MediaAddress } from './routes/live.ts';
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
