import type { CameraView, EventView, LiveView, WallMessages } from './wire.ts';

/** A message of the wall, as its listeners get it. */
export type WallMessage = {
  [K in Exclude<keyof WallMessages, 'hello' | 'service'>]: {
    readonly type: K;
    readonly data: WallMessages[K];
  };
}[Exclude<keyof WallMessages, 'hello' | 'service'>];

/** What the API needs of the rest of the service. Unknown cameras make it throw INPUT_NOT_FOUND. */
export interface Wall {
  cameras(): readonly CameraView[];
  /** The latest, oldest first. */
  events(): readonly EventView[];
  /** Returns the function that unsubscribes. */
  subscribe(listener: (message: WallMessage) => void): () => void;
  /**
   * @param how `hideFaces`: so that nobody in it can be recognised
   * @throws CabinwatchError MEDIA_UNAVAILABLE while there is no picture
   */
  snapshot(
    cameraId: string,
    how: { readonly hideFaces: boolean },
  ): Promise<{ readonly jpeg: Uint8Array; readonly takenAt: number }>;
  /** A short-lived permission to watch this one camera. */
  live(cameraId: string): Promise<LiveView>;
  /** What must be well for the service to be of use, by name. */
  health(): Readonly<Record<string, boolean>>;
}
