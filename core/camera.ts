import type { Frame } from './frame.ts';

export type CameraState = 'connecting' | 'online' | 'stale' | 'frozen' | 'blocked' | 'offline';

export interface CameraHealth {
  readonly cameraId: string;
  readonly liftId: string;
  readonly state: CameraState;
  /** When the state was entered, epoch ms. */
  readonly since: number;
  readonly lastPictureAt: number | undefined;
  /** Age of the last picture, ms; undefined before the first. */
  readonly pictureAgeMs: number | undefined;
  readonly reconnects: number;
  readonly fpsExpected: number | undefined;
  readonly fpsGot: number;
  /** The last failure, without secrets; `reason` is finer than the code (`refused`, `timeout`, `unauthorized`, …). */
  readonly error: { readonly code: string; readonly reason?: string; readonly message: string } | undefined;
}

/** Anything that yields pictures of one cabin: an RTSP camera, an RTMP push, a file. */
export interface FrameSource {
  readonly liftId: string;
  /** Ends when the source is exhausted or the signal aborts. The consumer owns and closes each frame. */
  frames(signal: AbortSignal): AsyncIterable<Frame>;
}
