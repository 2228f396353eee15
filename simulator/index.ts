export type { CameraStatus } from './rtsp-camera/camera.ts';
export {
  FAULTS,
  type Fault,
  type RtspSimulatorOptions,
  type SimulatedCameraOptions,
} from './rtsp-camera/options.ts';
export { type RtspSimulator, startRtspSimulator } from './rtsp-camera/rtsp-simulator.ts';
