import { Value } from 'typebox/value';
import {
  type CarTracker,
  type CheckedMessage,
  ControllerOptions,
  createCarTracker,
  createSilenceLimits,
} from '../../../controllers/index.ts';
import type { BehaviourEvent, IncidentChange } from '../../../core/index.ts';
import {
  createLiftJudge,
  type FaultTable,
  incidentOptions,
  type JudgeInput,
  type LiftJudge,
} from '../../../incidents/index.ts';

/** One lift's tracker and judge, driven by the times in what arrives. */
export interface DrivenLift {
  message(message: CheckedMessage, receivedAt: number): void;
  behaviour(event: BehaviourEvent): void;
  /** Lets time pass, with every deadline on the way. */
  until(ts: number): void;
  readonly changes: readonly IncidentChange[];
}

const controllerDefaults = Value.Default(ControllerOptions, {}) as ControllerOptions;
const limits = createSilenceLimits(controllerDefaults)({});

export function driveLift(liftId: string, faultTable: FaultTable): DrivenLift {
  const tracker: CarTracker = createCarTracker({ liftId, limits });
  let ids = 0;
  const judge: LiftJudge = createLiftJudge({
    liftId,
    options: incidentOptions(),
    faultTable,
    nextId: () => `${liftId}-${++ids}`,
  });
  const changes: IncidentChange[] = [];
  const push = (input: JudgeInput): void => void changes.push(...judge.push(input));

  function until(ts: number): void {
    for (;;) {
      const next = Math.min(tracker.deadline, judge.nextDeadline() ?? Infinity);
      if (next > ts) return;
      if (next === tracker.deadline) {
        tracker.expire(next);
        push({ type: 'car', state: tracker.state(next) });
      } else push({ type: 'tick', ts: next });
    }
  }

  return {
    changes,
    until,
    message(message, receivedAt) {
      until(receivedAt);
      const { outcome, changed } = tracker.push(message, receivedAt);
      if (outcome === 'accepted' || changed) push({ type: 'car', state: tracker.state(receivedAt) });
    },
    behaviour(event) {
      until(event.ts);
      push({ type: 'behaviour', event });
    },
  };
}
