export {
  type AlarmReceiver,
  type ReceivedAlarm,
  startAlarmReceiver,
} from './alarm-receiver/alarm-receiver.ts';
export { type EntrapmentPlace, TRAFFIC_DEFAULTS, type TrafficOptions } from './controller/options.ts';
export { type Played, type PlayedMessage, type PlayOptions, playControllers } from './controller/play.ts';
export { messagesOfFile, messagesOfTraffic } from './controller/script.ts';
export {
  generateTraffic,
  type Traffic,
  type TrafficBehaviour,
  type TrafficItem,
  type TrafficMessage,
  type TrueEntrapment,
} from './controller/traffic.ts';
export type { CameraStatus } from './rtsp-camera/camera.ts';
export {
  FAULTS,
  type Fault,
  type RtspSimulatorOptions,
  type SimulatedCameraOptions,
} from './rtsp-camera/options.ts';
export { type RtspSimulator, startRtspSimulator } from './rtsp-camera/rtsp-simulator.ts';
