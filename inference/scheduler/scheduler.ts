import {
  type BehaviourEvent,
  CabinwatchError,
  type Clock,
  Emitter,
  type Frame,
  type FrameSource,
  type Scene,
  systemClock,
} from '../../core/index.ts';
import type { CabinPipeline, Look } from '../pipeline/cabin-pipeline.ts';
import { createLane, type Lane, type LaneStats, laneStats } from './lane.ts';
import { nextFrame } from './next-frame.ts';
import type { SchedulerOptions } from './options.ts';
import { createTurns } from './turns.ts';

export interface SchedulerEvents {
  behaviour: BehaviourEvent;
  /** Every scene a model looked at. */
  scene: Scene;
  /** A failed or late look, or a source that broke; the other cameras go on. */
  error: { readonly liftId: string; readonly error: CabinwatchError };
}

export interface Watch {
  readonly liftId: string;
  /** Settles when the source has ended, broken or been closed, and its last look is over. Never rejects. */
  readonly done: Promise<void>;
  stats(): LaneStats;
  /** Stops watching; idempotent. */
  close(): Promise<void>;
}

export interface SchedulerStats {
  readonly lanes: readonly LaneStats[];
  readonly inFlight: number;
  readonly waiting: number;
}

export interface Scheduler {
  /** Looks at a camera until its source ends. The scheduler owns the frames and closes each exactly once. */
  watch(source: FrameSource, pipeline: CabinPipeline): Watch;
  on<K extends keyof SchedulerEvents>(event: K, listener: (payload: SchedulerEvents[K]) => void): () => void;
  stats(): SchedulerStats;
  close(): Promise<void>;
}

export interface SchedulerDeps {
  /** The clock that frames' `ts` are taken from, for latencies. */
  readonly clock?: Clock;
}

/** A due frame that had to be skipped makes all looks of this time after it hurried ones, ms. */
const HURRY_MS = 5000;

/**
 * Shares the machine between all cameras. Every frame is measured; those that are due wait in their camera's single
 * slot, where a newer one takes their place, for their camera's turn. Memory is bounded by two frames a camera.
 * While frames have to be skipped, looks are hurried: each does less, so that every camera gets more of them.
 */
export function createScheduler(options: SchedulerOptions, deps: SchedulerDeps = {}): Scheduler {
  const clock = deps.clock ?? systemClock;
  const emitter = new Emitter<SchedulerEvents>();
  const watches = new Map<Lane, Watch>();
  let closed = false;
  let hurryUntil = Number.NEGATIVE_INFINITY;

  function report(lane: Lane, error: CabinwatchError): void {
    lane.errors++;
    if (lane.open) emitter.emit('error', { liftId: lane.liftId, error });
  }

  const turns = createTurns({
    concurrency: options.concurrency,
    lookTimeoutMs: options.lookTimeoutSeconds * 1000,
    async look(lane, frame) {
      try {
        settle(lane, frame, await lane.pipeline.look(frame, { hurried: clock.now() < hurryUntil }));
      } catch (cause) {
        report(lane, failed(lane, 'A look', cause));
      }
    },
    onLate: (lane) =>
      report(lane, failed(lane, 'A look', `no answer within ${options.lookTimeoutSeconds} s`)),
  });

  function settle(lane: Lane, frame: Frame, result: Look): void {
    lane.looked++;
    lane.inferences += result.inferences;
    lane.lastLookTs = frame.ts;
    for (const error of result.errors) report(lane, error);
    if (!lane.open) return;
    for (const event of result.events) emitter.emit('behaviour', event);
    if (result.scene.inferred) emitter.emit('scene', result.scene);
    lane.latency.push(clock.now() - frame.ts);
  }

  /** Owns the frame from here on. */
  function accept(lane: Lane, frame: Frame): void {
    lane.frames++;
    if (wants(lane, frame)) {
      if (lane.slot) hurryUntil = clock.now() + HURRY_MS;
      turns.offer(lane, frame);
      return;
    }
    lane.idle++;
    frame.close();
  }

  function wants(lane: Lane, frame: Frame): boolean {
    try {
      const { events, due } = lane.pipeline.measure(frame);
      for (const event of events) emitter.emit('behaviour', event);
      return due || lane.slot !== undefined;
    } catch (cause) {
      report(lane, failed(lane, 'Measuring a picture', cause));
      return false;
    }
  }

  async function run(lane: Lane, source: FrameSource, signal: AbortSignal): Promise<void> {
    const quit = (): void => {
      lane.open = false;
      turns.drop(lane);
    };
    signal.addEventListener('abort', quit, { once: true });
    try {
      await pump(source, signal, (frame) => accept(lane, frame));
    } catch (cause) {
      report(lane, failed(lane, 'Reading the camera', cause));
    }
    await turns.rest(lane);
    signal.removeEventListener('abort', quit);
    quit();
    watches.delete(lane);
  }

  return {
    watch(source, pipeline) {
      if (closed)
        throw new CabinwatchError('CLOSED', 'The scheduler has been closed; no camera can be added.');
      const lane = createLane(source.liftId, pipeline);
      const stop = new AbortController();
      const done = run(lane, source, stop.signal);
      const close = (): Promise<void> => {
        stop.abort();
        return done;
      };
      const watch: Watch = { liftId: source.liftId, done, stats: () => laneStats(lane), close };
      watches.set(lane, watch);
      return watch;
    },
    on: (event, listener) => emitter.on(event, listener),
    stats: () => ({
      lanes: [...watches.keys()].map(laneStats),
      inFlight: turns.inFlight,
      waiting: turns.waiting,
    }),
    async close() {
      closed = true;
      await Promise.all([...watches.values()].map((w) => w.close()));
    },
  };
}

async function pump(source: FrameSource, signal: AbortSignal, accept: (frame: Frame) => void): Promise<void> {
  const frames = source.frames(signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const frame = await nextFrame(frames, signal);
      if (!frame) return;
      accept(frame);
    }
  } finally {
    // Not awaited: a hung source would never answer.
    frames.return?.().then(undefined, () => {});
  }
}

function failed(lane: Lane, what: string, cause: unknown): CabinwatchError {
  if (cause instanceof CabinwatchError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CabinwatchError('INFERENCE_FAILED', `${what} of lift ${lane.liftId} failed: ${reason}`, {
    cause,
  });
}
