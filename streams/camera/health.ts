import type { CameraState } from '../../core/index.ts';

export interface CameraFault {
  /** What went wrong, finer than the error code. */
  readonly reason: FaultReason;
  readonly message: string;
}

export type FaultReason =
  | 'refused'
  | 'no-route'
  | 'unknown-host'
  | 'timeout'
  | 'unauthorized'
  | 'not-found'
  | 'no-video'
  /** It has all the viewers that it takes, or is still starting. */
  | 'busy'
  | 'unsupported'
  | 'flooding'
  | 'stalled'
  | 'not-pushing'
  | 'ended'
  | 'local';

export type PictureVerdict = 'frozen' | 'blocked';

export type HealthEvent =
  /** The camera is watched from now on. */
  | { readonly type: 'started' }
  | { readonly type: 'picture' }
  /** How many pictures per second should come from now on. */
  | { readonly type: 'expected'; readonly fps: number }
  /** The first picture of a new connection has come. */
  | { readonly type: 'connected' }
  /** A connection could not be made, or was lost. */
  | { readonly type: 'failed'; readonly fault: CameraFault }
  /** Something is wrong although pictures come. */
  | { readonly type: 'warned'; readonly fault: CameraFault | undefined }
  | { readonly type: 'verdict'; readonly verdict: PictureVerdict | undefined }
  | { readonly type: 'tick' };

export interface HealthOptions {
  /** Age of the last picture from which the camera is stale, ms. Default 2000; at least 2.5 pictures. */
  readonly staleAfterMs: number;
  /** Age from which it is offline, ms. Default 8000, so that it is known within 10 s; at least 4 pictures. */
  readonly offlineAfterMs: number;
}

export const DEFAULT_HEALTH: HealthOptions = Object.freeze({ staleAfterMs: 2000, offlineAfterMs: 8000 });

export interface HealthView {
  readonly state: CameraState;
  readonly since: number;
  readonly lastPictureAt: number | undefined;
  readonly reconnects: number;
  readonly fault: CameraFault | undefined;
}

/**
 * What is known of one camera. It reads no clock: times are arguments, in ms of any clock that never goes back.
 *
 * connecting → online → stale → offline → online …; `frozen` and `blocked` are judged from the pictures by others
 * and handed in. A failed connection makes a camera offline as soon as its picture is stale (or at once if there
 * never was one), silence alone after `offlineAfterMs`.
 */
export class CameraHealthMachine {
  readonly #options: HealthOptions;
  #pictureMs = 0;
  #startedAt = 0;
  #state: CameraState = 'connecting';
  #since = 0;
  #lastPictureAt: number | undefined;
  #connections = 0;
  #fault: CameraFault | undefined;
  #failed = false;
  #verdict: PictureVerdict | undefined;

  constructor(options: Partial<HealthOptions> = {}) {
    this.#options = { ...DEFAULT_HEALTH, ...options };
  }

  push(event: HealthEvent, time: number): CameraState {
    switch (event.type) {
      case 'started':
        this.#restart(time);
        break;
      case 'picture':
        this.#lastPictureAt = time;
        this.#failed = false;
        break;
      case 'expected':
        this.#pictureMs = 1000 / event.fps;
        break;
      case 'connected':
        this.#connections++;
        this.#fault = undefined;
        break;
      case 'failed':
        this.#fault = event.fault;
        this.#failed = true;
        break;
      case 'warned':
        this.#fault = event.fault;
        break;
      case 'verdict':
        this.#verdict = event.verdict;
        break;
      case 'tick':
        break;
    }
    const state = this.#judge(time);
    if (state !== this.#state) {
      this.#state = state;
      this.#since = time;
    }
    return state;
  }

  view(): HealthView {
    return {
      state: this.#state,
      since: this.#since,
      lastPictureAt: this.#lastPictureAt,
      reconnects: Math.max(0, this.#connections - 1),
      fault: this.#fault,
    };
  }

  toJSON(): HealthView {
    return this.view();
  }

  #restart(time: number): void {
    this.#startedAt = time;
    this.#since = time;
    this.#state = 'connecting';
    this.#lastPictureAt = undefined;
    this.#failed = false;
    this.#fault = undefined;
    this.#verdict = undefined;
  }

  #judge(time: number): CameraState {
    // A camera of one picture in five seconds is not stale after two.
    const staleAfterMs = Math.max(this.#options.staleAfterMs, 2.5 * this.#pictureMs);
    const offlineAfterMs = Math.max(this.#options.offlineAfterMs, 4 * this.#pictureMs);
    const age = time - (this.#lastPictureAt ?? this.#startedAt);
    if (age > offlineAfterMs) return 'offline';
    if (this.#lastPictureAt === undefined) return this.#failed ? 'offline' : 'connecting';
    if (age > staleAfterMs) return this.#failed ? 'offline' : 'stale';
    // Back from offline only with a picture that is newer than the failure.
    if (this.#failed && this.#state === 'offline') return 'offline';
    return this.#verdict ?? 'online';
  }
}
