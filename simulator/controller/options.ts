export type EntrapmentPlace = 'between-floors' | 'at-floor';

export interface TrafficOptions {
  readonly lifts: number;
  /** How long the traffic goes on, s. Infinity is allowed. */
  readonly seconds: number;
  readonly seed: number;
  /** Epoch ms of the beginning. */
  readonly startAt: number;
  /** Lift ids are this and a number from 1 on, as `lift-7`. */
  readonly prefix: string;
  /** Landings are numbered from 1. */
  readonly floors: number;
  /** A message comes at every change, and at least this often, s. */
  readonly period: number;
  /** Share of the messages that never arrive. */
  readonly loss: number;
  /** Share of the messages that arrive twice. */
  readonly duplicates: number;
  /** Each message is late by 0 to this, ms; that puts some in the wrong order. */
  readonly delayMs: number;
  /** Stretches in which a lift's link is down; half of them deliver all at once at their end, half nothing. */
  readonly gaps: { readonly perHour: number; readonly seconds: number };
  /** Each controller's clock is wrong by a fixed amount between minus and plus this, ms. */
  readonly skewMs: number;
  /** Share of the trips interrupted between floors for 3 to 8 s, as a safety contact's bounce does. Not an entrapment. */
  readonly halts: number;
  /** How many entrapments, spread over the lifts and the time; half between floors, half at a floor. Needs a finite `seconds`. */
  readonly entrapments: number;
  /** Whether what a camera would count is told too, as `occupancy` events. */
  readonly behaviours: boolean;
}

/** An hour of 50 lifts on a bad link, without incident. */
export const TRAFFIC_DEFAULTS: TrafficOptions = Object.freeze({
  lifts: 50,
  seconds: 3600,
  seed: 1,
  startAt: Date.UTC(2026, 0, 5, 7),
  prefix: 'lift-',
  floors: 12,
  period: 5,
  loss: 0.05,
  duplicates: 0.1,
  delayMs: 1500,
  gaps: { perHour: 4, seconds: 30 },
  skewMs: 3000,
  halts: 0.01,
  entrapments: 0,
  behaviours: true,
});
