import type { CarField, TimelineEntry } from '../../core/index.ts';

/** How long silence lasts until it means "unknown". Share one object among the lifts that have the same. */
export interface SilenceLimits {
  /** Per field, ms from when it was last said. */
  readonly unknownAfterMs: Readonly<Record<CarField, number>>;
  /** The whole link, ms. */
  readonly silentAfterMs: number;
  /** After the controller's last will, ms: it may only be connecting anew. */
  readonly graceMs: number;
}

/**
 * `duplicate`: it has come before; `outdated`: all that it says was said later already. Only what is accepted is used.
 */
export type PushOutcome = 'accepted' | 'duplicate' | 'outdated';

export interface Heeded {
  /** Whether what is known of the car is now something else. */
  readonly changed: boolean;
  readonly timeline: readonly TimelineEntry[];
}

export interface PushResult extends Heeded {
  readonly outcome: PushOutcome;
}

/** How often what happened, since the tracker began. */
export interface TrackerCounters {
  accepted: number;
  duplicates: number;
  outdated: number;
  /** Accepted, but said before something that had come already. */
  reordered: number;
  /** Came while the controller's clock and ours were more than 2 s apart. */
  skewed: number;
  /** The controller began to count anew. */
  restarts: number;
  /** The controller's clock was set back. */
  clockSteps: number;
  /** Times that the link fell silent. */
  silences: number;
}
