import type { CarState } from '../core/index.ts';
import type { Mapping } from './mapping/compile-mapping.ts';
import { readMessage } from './message.ts';
import type { LiftControllerOptions } from './options.ts';
import { RateLimit } from './rate-limit.ts';
import { type CarTracker, createCarTracker } from './tracker/car-tracker.ts';
import type { Heeded, SilenceLimits, TrackerCounters } from './tracker/tracker-types.ts';

export interface LiftCounters extends TrackerCounters {
  /** Not in the documented form, or not even JSON. */
  rejected: number;
  /** More than the lift may send. */
  limited: number;
  /** Values that the mapping does not list; their fields are unknown. */
  unlisted: number;
}

export interface LiftSetting {
  readonly controller: LiftControllerOptions;
  readonly mapping: Mapping | undefined;
  readonly limits: SilenceLimits;
}

export type Intake =
  | ({ readonly outcome: 'accepted' | 'duplicate' | 'outdated' } & Heeded)
  | { readonly outcome: 'limited' }
  | { readonly outcome: 'rejected'; readonly problem: string };

const LIMITED: Intake = Object.freeze({ outcome: 'limited' });

/** One lift's intake: rate, mapping, check, and then its state. */
export class ControlledLift {
  readonly id: string;
  setting: LiftSetting;
  readonly tracker: CarTracker;
  readonly #rate: RateLimit;
  rejected = 0;
  limited = 0;
  unlisted = 0;

  constructor(id: string, setting: LiftSetting, maxPerSecond: number) {
    this.id = id;
    this.setting = setting;
    this.tracker = createCarTracker({ liftId: id, limits: setting.limits });
    this.#rate = new RateLimit(maxPerSecond);
  }

  get counters(): LiftCounters {
    const { rejected, limited, unlisted } = this;
    return { ...this.tracker.counters, rejected, limited, unlisted };
  }

  /** One message, parsed. */
  take(value: unknown, receivedAt: number): Intake {
    if (!this.#rate.take(receivedAt)) {
      this.limited++;
      return LIMITED;
    }
    const read = readMessage(this.#mapped(value));
    if ('problem' in read) return this.reject(read.problem);
    return this.tracker.push(read.message, receivedAt);
  }

  /** Counts what could not even be parsed; it costs its turn like any other. */
  takeBroken(problem: string, receivedAt: number): Intake {
    if (this.#rate.take(receivedAt)) return this.reject(problem);
    this.limited++;
    return LIMITED;
  }

  reject(problem: string): Intake {
    this.rejected++;
    return { outcome: 'rejected', problem };
  }

  state(now: number): CarState {
    return this.tracker.state(now);
  }

  #mapped(value: unknown): unknown {
    const { mapping } = this.setting;
    if (!mapping) return value;
    const { message, unlisted } = mapping(value);
    this.unlisted += unlisted.length;
    return message;
  }
}
