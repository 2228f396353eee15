import { CameraFaultError } from './fault.ts';

export interface WatchdogOptions {
  /** For messages, without secrets. */
  readonly where: string;
  /** Pictures per second that should come. */
  readonly fps: number;
  /** Whether the connection also carries sound, for which outputs wait. */
  readonly audio: boolean;
  /** Whether the camera's own stream is handed on beside the pictures. */
  readonly stream: boolean;
  readonly startedAt: number;
}

/** Key frames may be 10 s apart, and nothing can be shown before the first. */
const FIRST_PICTURE_MS = 20_000;
const SILENCE_MS = 4000;
const SOUND_MS = 6000;

export interface WatchdogVerdict {
  readonly fault: CameraFaultError;
  /** Sound was announced and never came: try again without. */
  readonly withoutAudio: boolean;
}

/** Decides when one connection is beyond hope. Reads no clock: times are arguments, ms. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #lastPictureAt: number | undefined;
  #firstPictureAt: number | undefined;
  #streamSeen = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  picture(time: number): void {
    this.#firstPictureAt ??= time;
    this.#lastPictureAt = time;
  }

  streamed(): void {
    this.#streamSeen = true;
  }

  check(time: number): WatchdogVerdict | undefined {
    const { where, fps, audio, stream, startedAt } = this.#options;
    const verdict = (fault: CameraFaultError, withoutAudio = false): WatchdogVerdict => ({
      fault,
      withoutAudio,
    });
    if (this.#lastPictureAt === undefined || this.#firstPictureAt === undefined) {
      if (time - startedAt <= FIRST_PICTURE_MS) return undefined;
      return verdict(
        new CameraFaultError('no-video', `${where} sent no picture within ${FIRST_PICTURE_MS / 1000} s`),
      );
    }
    const limit = Math.max(SILENCE_MS, 4000 / fps);
    if (time - this.#lastPictureAt > limit) {
      return verdict(
        new CameraFaultError('stalled', `${where} has sent no picture for ${Math.round(limit / 1000)} s`),
      );
    }
    if (stream && audio && !this.#streamSeen && time - this.#firstPictureAt > SOUND_MS) {
      return verdict(new CameraFaultError('ended', `${where} announces sound but sends none`), true);
    }
    return undefined;
  }
}
