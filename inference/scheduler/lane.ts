import type { Frame } from '../../core/index.ts';
import type { CabinPipeline } from '../pipeline/cabin-pipeline.ts';
import { createLatencyRing } from './latency-ring.ts';

export interface LaneStats {
  readonly liftId: string;
  /** Frames the source gave. */
  readonly frames: number;
  readonly looked: number;
  /** Frames that were due but overtaken by a newer one before their turn came. */
  readonly skipped: number;
  /** Frames that were only measured, because nothing called for a look. */
  readonly idle: number;
  readonly inferences: number;
  readonly errors: number;
  /** From a frame's capture to the behaviours' answer, ms, over the last 256 looks; undefined before the first. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  /** Capture time of the frame looked at last, ms. */
  readonly lastLookTs: number | undefined;
  readonly waiting: boolean;
  readonly looking: boolean;
}

/** One camera's place in the scheduler: at most one frame waiting and one being looked at. */
export interface Lane {
  readonly liftId: string;
  readonly pipeline: CabinPipeline;
  readonly latency: ReturnType<typeof createLatencyRing>;
  /** The frame whose turn is to come; a newer one takes its place. */
  slot: Frame | undefined;
  looking: boolean;
  /** Number of its last turn among the turns of all lanes; 0 before the first. */
  lastTurn: number;
  open: boolean;
  frames: number;
  looked: number;
  skipped: number;
  idle: number;
  inferences: number;
  errors: number;
  lastLookTs: number | undefined;
}

export function createLane(liftId: string, pipeline: CabinPipeline): Lane {
  const counters = { frames: 0, looked: 0, skipped: 0, idle: 0, inferences: 0, errors: 0 };
  const now = {
    slot: undefined,
    looking: false,

    lastTurn: 0,
    open: true,
    lastLookTs: undefined,
  };
  return { liftId, pipeline, latency: createLatencyRing(), ...now, ...counters };
}

/** Newest wins: whatever waited is closed and counted. */
export function putInSlot(lane: Lane, frame: Frame): void {
  if (lane.slot) {
    lane.slot.close();
    lane.skipped++;
  }
  lane.slot = frame;
}

export function laneStats(lane: Lane): LaneStats {
  const { liftId, frames, looked, skipped, idle, inferences, errors, lastLookTs, looking } = lane;
  const { p50, p95 } = lane.latency.read();
  const counted = { frames, looked, skipped, idle, inferences, errors };
  const waiting = lane.slot !== undefined;
  return { liftId, ...counted, p50Ms: p50, p95Ms: p95, lastLookTs, waiting, looking };
}
