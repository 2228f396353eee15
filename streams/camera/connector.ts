import type { Clock, Frame, FramePool, Logger } from '../../core/index.ts';
import type { ClipRing } from '../clips/clip-ring.ts';
import type { MediaInfo } from '../ffmpeg/media-info.ts';
import { probe } from '../ffmpeg/probe.ts';
import { inferenceSize, type PictureSize } from '../ffmpeg/size.ts';
import type { CameraOptions } from '../options.ts';
import { backoffDelay, DEFAULT_BACKOFF, UNAUTHORIZED_BACKOFF } from './backoff.ts';
import { CameraFaultError, faultOfMessages } from './fault.ts';
import { FloodControl } from './flood-control.ts';
import { floodLimits } from './flood-guard.ts';
import type { Opening, Origin } from './origin.ts';
import { RateMeter } from './rate-meter.ts';
import { type CameraSession, startSession } from './session.ts';
import { canKeep, type SessionPlan } from './session-command.ts';
import { wait } from './wait.ts';
import { Watchdog } from './watchdog.ts';

export type ConnectorOptions = Pick<
  CameraOptions,
  'fps' | 'width' | 'expectedFps' | 'audio' | 'maxMegabits'
> & {
  readonly cameraId: string;
  readonly liftId: string;
};

export interface ConnectorDeps {
  readonly origin: Origin;
  readonly ring: ClipRing;
  readonly pool: FramePool;
  /** Epoch ms that never go back; stamps pictures. */
  readonly clock: Clock;
  /** Never set; measures how long things take. */
  readonly steady: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** What the connector tells while it runs. */
export interface ConnectorSink {
  /** A connection is about to be made; `fps` pictures per second should come. */
  expected(fps: number, fromCamera: number | undefined): void;
  connected(info: MediaInfo, warning: CameraFaultError | undefined): void;
  frame(frame: Frame): void;
  failed(fault: CameraFaultError): void;
}

const TICK_MS = 250;
const PROBE_MS = 20_000;
/** What ffmpeg has gathered while it looked at the stream comes in one go; it says nothing about the rate. */
const SETTLE_MS = 500;
/** A tick that comes this late means that we were busy, not that the camera was silent. */
const LATE_MS = 1000;

/** Keeps one camera connected: ask, connect, watch, and after an end wait a little and begin again. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #deps: ConnectorDeps;
  readonly #sink: ConnectorSink;
  readonly #pictures = new RateMeter();
  readonly #bytes = new RateMeter();
  readonly #flood = new FloodControl();
  #info: MediaInfo | undefined;
  #fpsOfCamera: number | undefined;
  #size: PictureSize | undefined;
  #audio: boolean;
  #failures = 0;
  /** Connections in a row that gave no picture. */
  #barren = 0;
  #leave = false;
  #pid: number | undefined;

  constructor(options: ConnectorOptions, deps: ConnectorDeps, sink: ConnectorSink) {
    this.#options = options;
    this.#deps = deps;
    this.#sink = sink;
    this.#audio = options.audio;
  }

  /** What the camera sends, once known; kept while it is away. */
  get info(): MediaInfo | undefined {
    return this.#info;
  }

  get fpsExpected(): number | undefined {
    return this.#options.expectedFps ?? this.#fpsOfCamera ?? this.#info?.video?.fps;
  }

  /** Of the ffmpeg that is connected now. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Pictures per second that the camera sends, measured. */
  fpsGot(): number {
    return this.#pictures.rate(this.#deps.steady.now());
  }

  /** Bits per second that the camera sends, measured. */
  bitrate(): number {
    return 8 * this.#bytes.rate(this.#deps.steady.now());
  }

  /** Runs until the signal aborts; the last process is gone when it resolves. */
  async run(signal: AbortSignal): Promise<void> {
    const { origin, random } = this.#deps;
    while (!signal.aborted) {
      const fault = await this.#connectOnce(signal);
      if (signal.aborted) return;
      this.#failures++;
      this.#sink.failed(fault);
      // The first refusals may be a camera that is still starting.
      const schedule =
        fault.reason === 'unauthorized' && this.#failures > 2 ? UNAUTHORIZED_BACKOFF : DEFAULT_BACKOFF;
      const pause = this.#leave ? this.#flood.remaining(this.#deps.steady.now()) : 0;
      const delay = Math.max(pause, backoffDelay(this.#failures, random(), schedule));
      this.#leave = false;
      await wait(delay, signal, origin.onReturn && ((wake) => origin.onReturn!(wake)));
    }
  }

  /** Never rejects: whatever ends a connection is a fault. */
  async #connectOnce(signal: AbortSignal): Promise<CameraFaultError> {
    const { origin } = this.#deps;
    try {
      const opening = await origin.open({
        signal,
        failures: this.#failures,
        barren: this.#barren,
        audio: this.#audio,
      });
      const info = await this.#learn(opening, signal);
      return await this.#hold(opening, info, signal);
    } catch (error) {
      if (error instanceof CameraFaultError) return error;
      return new CameraFaultError('local', origin.redact(String(error)), { cause: error });
    }
  }

  /** What is sent: as the camera says, as known from before, or else as ffprobe finds. */
  async #learn({ input, description }: Opening, signal: AbortSignal): Promise<MediaInfo> {
    this.#fpsOfCamera = description?.fps ?? this.#fpsOfCamera;
    const known = this.#info;
    // Connections without a picture: perhaps it is another camera now.
    if (known && this.#barren < 2 && (!description || description.video === known.video?.codec)) return known;
    const { origin } = this.#deps;
    const { info, messages, timedOut } = await probe(input, {
      redact: origin.redact,
      timeoutMs: PROBE_MS,
      signal,
    });
    if (info?.video) {
      this.#info = info;
      return info;
    }
    if (timedOut)
      throw new CameraFaultError('timeout', `${origin.where} sent nothing within ${PROBE_MS / 1000} s`);
    if (info) throw new CameraFaultError('no-video', `${origin.where} sends no picture`);
    throw faultOfMessages(messages, origin.where);
  }

  async #hold(opening: Opening, info: MediaInfo, signal: AbortSignal): Promise<CameraFaultError> {
    const { ring, origin, steady, clock, pool } = this.#deps;
    const { liftId } = this.#options;
    const guarded = this.#flood.guarded(steady.now());
    const plan = this.#plan(opening, info, guarded);
    const expected = guarded ? 0.2 : Math.min(plan.fps, this.fpsExpected ?? plan.fps);
    this.#sink.expected(expected, this.fpsExpected);
    ring.newConnection();
    this.#flood.restart();
    this.#pictures.reset();
    this.#bytes.reset();
    const keeps = canKeep(plan.video);
    const watchdog = new Watchdog({
      where: origin.where,
      fps: expected,
      audio: plan.audio !== undefined,
      stream: keeps,
      startedAt: steady.now(),
    });
    let first = true;
    let settledAt: number | undefined;
    const session = await startSession({
      plan,
      liftId,
      where: origin.where,
      redact: origin.redact,
      pool,
      clock,
      onFrame: (frame) => {
        watchdog.picture(steady.now());
        if (!keeps) this.#pictures.push(steady.now());
        if (first) this.#begun(info, guarded);
        first = false;
        this.#sink.frame(frame);
      },
      onStream: (chunk) => {
        watchdog.streamed();
        const before = ring.pictures;
        ring.push(chunk, clock.now());
        const now = steady.now();
        settledAt ??= now + SETTLE_MS;
        if (now < settledAt) return;
        this.#pictures.push(now, ring.pictures - before);
        this.#bytes.push(now, chunk.length);
      },
    });
    this.#pid = session.pid;
    const timer = this.#watch(session, watchdog, guarded);
    const stop = (): void => void session.stop(new CameraFaultError('ended', 'stopped'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const fault = await session.ended;
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    if (first && !signal.aborted) this.#barren++;
    this.#pid = undefined;
    return fault;
  }

  #plan(opening: Opening, info: MediaInfo, keyFramesOnly: boolean): SessionPlan {
    const { fps, width } = this.#options;
    const video = info.video ?? { width: 640, height: 360, codec: 'unknown' };
    // The size stays for the camera's life: what is learnt of an empty cabin must not be lost to a reconnection.
    this.#size ??= inferenceSize(video, width);
    const sound = opening.description ? opening.description.audio : info.audio?.codec;
    return {
      input: opening.input,
      fps,
      size: this.#size,
      video: video.codec,
      audio: this.#audio ? sound : undefined,
      keyFramesOnly,
    };
  }

  #begun(info: MediaInfo, guarded: boolean): void {
    this.#failures = 0;
    this.#barren = 0;
    const warning = new CameraFaultError(
      'flooding',
      `${this.#deps.origin.where} floods; only its key frames are looked at`,
    );
    this.#sink.connected(info, guarded ? warning : undefined);
  }

  #watch(session: CameraSession, watchdog: Watchdog, guarded: boolean): NodeJS.Timeout {
    const { steady, origin } = this.#deps;
    let ticks = 0;
    let last = steady.now();
    return setInterval(() => {
      const now = steady.now();
      const late = now - last > TICK_MS + LATE_MS;
      last = now;
      if (late) return; // what has come meanwhile is still in the pipes
      const verdict = watchdog.check(now);
      if (verdict) {
        if (verdict.withoutAudio) this.#audio = false;
        void session.stop(verdict.fault);
        return;
      }
      if (++ticks % (1000 / TICK_MS) !== 0) return;
      const limits = floodLimits(this.fpsExpected, this.#options.maxMegabits * 1e6);
      const fps = Math.round(this.#pictures.rate(now));
      switch (this.#flood.sample(fps, this.#bytes.rate(now), limits, now, guarded)) {
        case 'guard':
          void session.stop(
            new CameraFaultError('flooding', `${origin.where} floods: ${fps} pictures per second`),
          );
          break;
        case 'leave':
          this.#leave = true;
          void session.stop(
            new CameraFaultError('flooding', `${origin.where} floods even with key frames alone`),
          );
          break;
        case 'retry':
          void session.stop(new CameraFaultError('ended', `${origin.where} is tried again after its flood`));
          break;
        case 'fine':
          break;
      }
    }, TICK_MS);
  }
}
