export {
  Camera,
  type CameraDeps,
  type CameraEvents,
  createCamera,
  type SnapshotOptions,
} from './camera/camera.ts';
export {
  type CameraManager,
  type CameraManagerOptions,
  createCameraManager,
} from './camera/camera-manager.ts';
export type { CameraSettings } from './camera/camera-settings.ts';
export { CameraFaultError } from './camera/fault.ts';
export type { CameraFault, FaultReason, PictureVerdict } from './camera/health.ts';
export type { Clip, ClipRequest } from './clips/clip.ts';
export { type FfmpegVersion, ffmpegVersion, MINIMUM_FFMPEG_MAJOR } from './ffmpeg/locate.ts';
export type { AudioInfo, MediaInfo, VideoInfo } from './ffmpeg/media-info.ts';
export { DEFAULT_WIDTH, inferenceSize, type PictureSize } from './ffmpeg/size.ts';
export { createFileSource, type FileSource, type FileSourceOptions } from './file/file-source.ts';
export { inspectFile, type VideoFile } from './file/inspect-file.ts';
export { createVideoWriter, type VideoWriter, type VideoWriterOptions } from './file/video-writer.ts';
export { type CameraReport, type InspectOptions, inspectCamera } from './inspect/inspect-camera.ts';
export {
  createMediaServer,
  type MediaServer,
  type MediaServerEvents,
  type MediaServerOptions,
  type PlayPermit,
} from './media-server/media-server.ts';
export { CameraOptions, ClipOptions, MediaOptions } from './options.ts';
export {
  type CallRecording,
  type CallRecordingDeps,
  type CallRecordingOptions,
  startCallRecording,
} from './recording/call-recording.ts';
export { mendRecording } from './recording/mend-recording.ts';
export { RecordingOptions } from './recording/options.ts';
export { type CameraAddress, parseAddress } from './rtsp/address.ts';
export type { Snapshot } from './snapshot/encode-jpeg.ts';
export { askBackchannel } from './talk-back/backchannel-session.ts';
export type { Backchannel, BackchannelOffer } from './talk-back/choose-backchannel.ts';
export { createTalkBack, type TalkBackDeps, type TalkBackOptions } from './talk-back/talk-back.ts';
