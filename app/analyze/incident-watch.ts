import { Value } from 'typebox/value';
import {
  ControllerOptions,
  createCarTracker,
  createSilenceLimits,
  type FileMessage,
} from '../../controllers/index.ts';
import type { BehaviourEvent, IncidentChange } from '../../core/index.ts';
import {
  createLiftJudge,
  type FaultTable,
  type IncidentOptions,
  type JudgeInput,
} from '../../incidents/index.ts';

export interface IncidentWatchOptions {
  readonly liftId: string;
  readonly incidents: IncidentOptions;
  readonly faultTable: FaultTable;
  /** In order of arrival; undefined: there is no controller, and the picture alone is judged. */
  readonly messages: readonly FileMessage[] | undefined;
}

export interface IncidentWatch {
  /** Lets time pass to `ts`, ms from the start: what the controller says until then, and every deadline on the way. */
  until(ts: number): IncidentChange[];
  see(event: BehaviourEvent): IncidentChange[];
}

/** The judge of one lift over recorded time, fed as the live service feeds it. */
export function createIncidentWatch(options: IncidentWatchOptions): IncidentWatch {
  const { liftId, incidents, faultTable } = options;
  const limits = createSilenceLimits(Value.Default(ControllerOptions, {}) as ControllerOptions)({});
  const tracker = options.messages && createCarTracker({ liftId, limits });
  const messages = [...(options.messages ?? [])];
  let ids = 0;
  const judge = createLiftJudge({
    liftId,
    options: incidents,
    faultTable,
    nextId: () => `${liftId}-${++ids}`,
  });

  /** The next thing that happens by itself, at the latest at `ts`. */
  function next(ts: number): JudgeInput | undefined {
    const message = messages[0];
    const arrives = message ? Math.round(message.received * 1000) : Infinity;
    const silence = tracker?.deadline ?? Infinity;
    const deadline = judge.nextDeadline() ?? Infinity;
    const at = Math.min(arrives, silence, deadline);
    if (at > ts) return undefined;
    if (!tracker) return { type: 'tick', ts: at };
    if (at === arrives && message) tracker.push((messages.shift() as FileMessage).message, at);
    else tracker.expire(at);
    return { type: 'car', state: tracker.state(at) };
  }

  return {
    until(ts) {
      const changes: IncidentChange[] = [];
      for (let input = next(ts); input; input = next(ts)) changes.push(...judge.push(input));
      return changes;
    },
    see: (event) => judge.push({ type: 'behaviour', event }),
  };
}
