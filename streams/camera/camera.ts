import {
  type CabinMedia,
  CabinwatchError,
  type CameraHealth,
  type CameraState,
  type Clock,
  Emitter,
  type Frame,
  FramePool,
  type FrameSource,
  type Logger,
  sharedBytes,
  silentLogger,
  systemClock,
  type Talkback,
} from '../../core/index.ts';
import { ringMedia } from '../call-media/ring-media.ts';
import { type Clip, type ClipRequest, makeClip } from '../clips/clip.ts';
import { ClipRing } from '../clips/clip-ring.ts';
import type { MediaInfo } from '../ffmpeg/media-info.ts';
import type { MediaServer, PlayPermit } from '../media-server/media-server.ts';
import { parseAddress } from '../rtsp/address.ts';
import { decodeLast } from '../snapshot/decode-last.ts';
import { encodeJpeg, type Snapshot } from '../snapshot/encode-jpeg.ts';
import { createTalkBack } from '../talk-back/talk-back.ts';
import { type CameraSettings, cameraOptions, originOf } from './camera-settings.ts';
import { Connector } from './connector.ts';
import { type CameraFaultError, faultCode } from './fault.ts';
import { FrameHub } from './frame-hub.ts';
import { CameraHealthMachine, type HealthEvent, type PictureVerdict } from './health.ts';
import { LiveView } from './live-view.ts';
import type { Origin } from './origin.ts';
import { RisingClock, steadyClock } from './rising-clock.ts';
import { canKeep } from './session-command.ts';

export interface CameraDeps {
  /** Without one there is no live view, and no camera can push. */
  readonly media?: MediaServer;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly steady?: Clock;
  /** Uniform in [0, 1): spreads the attempts of cameras that were lost together. */
  readonly random?: () => number;
  /** Instead of what `url`, `publishKey` or `file` name. */
  readonly origin?: Origin;
}

export interface CameraEvents {
  /** The state has changed. */
  readonly state: CameraHealth;
}

export interface SnapshotOptions {
  /** The size the camera sends rather than the analysis' own. Takes a moment longer. */
  readonly full?: boolean;
  /** JPEG quality, 1–100. Default 80. */
  readonly quality?: number;
}

const TICK_MS = 250;
const LATE_MS = 1250;

/** One camera: its pictures, its health, its recent past and its live view. */
export class Camera implements FrameSource {
  readonly cameraId: string;
  readonly liftId: string;
  readonly #publishKey: string | undefined;
  readonly #talkback: Talkback | undefined;
  readonly #media: MediaServer | undefined;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #steady: Clock;
  readonly #health: CameraHealthMachine;
  readonly #events: Emitter<CameraEvents>;
  readonly #hub = new FrameHub();
  readonly #ring: ClipRing;
  readonly #origin: Origin;
  readonly #connector: Connector;
  readonly #abort = new AbortController();
  #live: LiveView | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #loggedFault = '';

  /** @throws CabinwatchError CONFIG_INVALID */
  constructor(settings: CameraSettings, deps: CameraDeps = {}) {
    this.cameraId = settings.cameraId;
    this.liftId = settings.liftId;
    const options = cameraOptions(settings);
    this.#publishKey = options.publishKey;
    this.#media = deps.media;
    this.#logger = (deps.logger ?? silentLogger).child({ cameraId: settings.cameraId });
    this.#steady = deps.steady ?? steadyClock;
    this.#clock = new RisingClock(deps.clock ?? systemClock, this.#steady);
    this.#health = new CameraHealthMachine({
      staleAfterMs: options.staleAfter * 1000,
      offlineAfterMs: options.offlineAfter * 1000,
    });
    this.#events = new Emitter((error) => this.#logger.error({ error: String(error) }, 'a listener failed'));
    this.#ring = new ClipRing({
      keepMs: options.ringSeconds * 1000,
      maxBytes: options.ringMegabytes * 1e6,
    });
    const { url, talkback, duckDb } = options;
    this.#talkback =
      talkback && url?.startsWith('rtsp')
        ? createTalkBack({ address: parseAddress(url), duckDb }, { logger: this.#logger })
        : undefined;
    this.#origin = deps.origin ?? originOf(settings.cameraId, options, deps.media);
    this.#connector = new Connector(
      { ...options, cameraId: settings.cameraId, liftId: settings.liftId },
      {
        origin: this.#origin,
        ring: this.#ring,
        pool: new FramePool(4, sharedBytes),
        clock: this.#clock,
        steady: this.#steady,
        random: deps.random ?? Math.random,
        logger: this.#logger,
      },
      {
        expected: (fps) => this.#tell({ type: 'expected', fps }),
        connected: (info, warning) => this.#connected(info, warning),
        frame: (frame) => {
          this.#tell({ type: 'picture' });
          this.#hub.push(frame);
        },
        failed: (fault) => this.#failed(fault),
      },
    );
  }

  /** Begins to connect. Does nothing when it runs already or has been closed. */
  start(): void {
    if (this.#running || this.#closing) return;
    this.#media?.addCamera(this.cameraId);
    if (this.#publishKey) this.#media?.allowPush(this.cameraId, this.#publishKey);
    this.#tell({ type: 'started' });
    let last = this.#steady.now();
    this.#timer = setInterval(() => {
      const now = this.#steady.now();
      // After we were held up ourselves, pictures are waiting in the pipes: judge when they have been read.
      if (now - last < LATE_MS) this.#tell({ type: 'tick' });
      last = now;
      this.#ring.expire(this.#clock.now());
    }, TICK_MS);
    this.#running = this.#connector.run(this.#abort.signal);
  }

  on<K extends keyof CameraEvents>(event: K, listener: (payload: CameraEvents[K]) => void): () => void {
    return this.#events.on(event, listener);
  }

  /** The camera's address without secrets. */
  get where(): string {
    return this.#origin.where;
  }

  /** What the camera sends, once it is known. */
  get info(): MediaInfo | undefined {
    return this.#connector.info;
  }

  /** Bits per second that come from the camera. */
  get bitrate(): number {
    return this.#connector.bitrate();
  }

  /** The process that reads the camera now, if any. */
  get pid(): number | undefined {
    return this.#connector.pid;
  }

  /** Pictures that gave way to newer ones because nobody took them in time. */
  get dropped(): number {
    return this.#hub.dropped;
  }

  /** Pictures from now on, at most `fps` per second, the newest winning. Any number may read; each closes its own. */
  frames(signal: AbortSignal): AsyncIterable<Frame> {
    return this.#hub.frames(signal);
  }

  health(): CameraHealth {
    const { state, since, lastPictureAt, reconnects, fault } = this.#health.view();
    const steady = this.#steady.now();
    const epoch = (time: number): number => Math.round(this.#clock.now() - (steady - time));
    return {
      cameraId: this.cameraId,
      liftId: this.liftId,
      state,
      since: epoch(since),
      lastPictureAt: lastPictureAt === undefined ? undefined : epoch(lastPictureAt),
      pictureAgeMs: lastPictureAt === undefined ? undefined : Math.round(steady - lastPictureAt),
      reconnects,
      fpsExpected: this.#connector.fpsExpected,
      fpsGot: Math.round(this.#connector.fpsGot() * 10) / 10,
      error: fault && { code: faultCode(fault.reason), reason: fault.reason, message: fault.message },
    };
  }

  /** What the analysis judges of the picture; undefined: nothing is wrong with it. */
  setPictureVerdict(verdict: PictureVerdict | undefined): void {
    this.#tell({ type: 'verdict', verdict });
  }

  /**
   * The latest picture as JPEG, with its time. An offline camera gives its last one: look at `ts`.
   * @throws CabinwatchError MEDIA_UNAVAILABLE before the first picture; DEPENDENCY_MISSING without sharp
   */
  async snapshot({ full = false, quality }: SnapshotOptions = {}): Promise<Snapshot> {
    const end = this.#ring.lastAt;
    const cut = full && end !== undefined ? this.#ring.cut(end, end) : undefined;
    if (cut) return encodeJpeg(await decodeLast(cut), quality);
    const latest = this.#hub.latest;
    if (!latest)
      throw new CabinwatchError('MEDIA_UNAVAILABLE', `No picture of ${this.cameraId} has come yet.`);
    // A copy: the buffer may be filled anew before the encoder has read it.
    return encodeJpeg({ ...latest, data: Uint8Array.from(latest.data) }, quality);
  }

  /**
   * An MP4 of what the camera sent around a moment; resolves when that time is over.
   * @throws CabinwatchError MEDIA_UNAVAILABLE when there are no pictures of that time
   */
  clip(request: ClipRequest): Promise<Clip> {
    if (this.#closing)
      return Promise.reject(new CabinwatchError('CLOSED', `The camera ${this.cameraId} is closed.`));
    const signal = request.signal
      ? AbortSignal.any([request.signal, this.#abort.signal])
      : this.#abort.signal;
    return makeClip({ ...request, signal }, this.#ring, this.#clock);
  }

  /** Picture and, where the camera has it now, sound for a call; nothing runs until it is read. */
  callMedia(): CabinMedia {
    return ringMedia({ ring: this.#ring, info: () => this.info });
  }

  /** Its loudspeaker, for a call; undefined where none can be reached. Only speaking to it tells whether the camera has one. */
  talkback(): Talkback | undefined {
    return this.#talkback;
  }

  /**
   * Permits one viewer to begin to watch.
   * @throws CabinwatchError MEDIA_UNAVAILABLE without a media server
   */
  permitPlay(): PlayPermit {
    if (!this.#media)
      throw new CabinwatchError('MEDIA_UNAVAILABLE', 'There is no media server to watch from.');
    return this.#media.permitPlay(this.cameraId);
  }

  /** Ends everything of this camera; resolves when its processes are gone. Can be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#abort.abort(new CabinwatchError('CLOSED', `The camera ${this.cameraId} is closed.`));
    clearInterval(this.#timer);
    await Promise.all([this.#running, this.#live?.close()]);
    this.#origin.close?.();
    this.#hub.close();
    this.#ring.clear();
    this.#media?.removeCamera(this.cameraId);
  }

  #connected(info: MediaInfo, warning: CameraFaultError | undefined): void {
    this.#loggedFault = '';
    this.#tell({ type: 'connected' });
    if (warning) this.#tell({ type: 'warned', fault: warning.fault });
    const codec = info.video?.codec ?? '';
    this.#openLive(codec);
    this.#logger.info({ codec, width: info.video?.width, height: info.video?.height }, 'camera connected');
  }

  /** What pushes is at the media server already; what the ring cannot keep cannot be shown either. */
  #openLive(codec: string): void {
    const [media, cameraId, ring, logger] = [this.#media, this.cameraId, this.#ring, this.#logger];
    if (!media || this.#origin.pushed || this.#live?.codec === codec) return;
    void this.#live?.close();
    this.#live = canKeep(codec) ? new LiveView({ cameraId, codec, ring, media, logger }) : undefined;
  }

  #failed(error: CameraFaultError): void {
    // One line when it begins to fail and when the cause changes, not one for each attempt.
    const key = `${error.reason} ${error.message}`;
    if (key !== this.#loggedFault)
      this.#logger.warn({ reason: error.reason, detail: error.message }, 'camera failed');
    this.#loggedFault = key;
    this.#tell({ type: 'failed', fault: error.fault });
  }

  #tell(event: HealthEvent): void {
    const before: CameraState = this.#health.view().state;
    const after = this.#health.push(event, this.#steady.now());
    if (after === before) return;
    this.#logger.info({ from: before, to: after }, 'camera state changed');
    this.#events.emit('state', this.health());
  }
}

/** A camera that runs. */
export function createCamera(settings: CameraSettings, deps: CameraDeps = {}): Camera {
  const camera = new Camera(settings, deps);
  camera.start();
  return camera;
}
