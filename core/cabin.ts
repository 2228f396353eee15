import type { DoorState } from './car.ts';
import type { Actor, IncidentPhase } from './incident.ts';

/** What the screen in a cabin is told of its own lift. Times are epoch ms. */
export interface CabinStatus {
  readonly liftId: string;
  /** The service's clock when this was so. */
  readonly at: number;
  /** Undefined while unknown: no proof that it is closed. */
  readonly door?: DoorState;
  /** Absent while all is well. */
  readonly alarm?: CabinAlarm;
}

/** An alarm as people in the car should hear of it: only what is known, and nothing that they need not know. */
export interface CabinAlarm {
  readonly incidentId: string;
  readonly phase: Exclude<IncidentPhase, 'closed'>;
  /** When the service took it up. */
  readonly receivedAt: number;
  /** Somebody in the car has asked for help; otherwise the service noticed by itself. */
  readonly pressed: boolean;
  /** When an operator acknowledged it. */
  readonly seenAt?: number;
  readonly relievedAt?: number;
  /** Set once an operator has said that help is on its way. */
  readonly help?: CabinHelp;
}

export interface CabinHelp {
  readonly saidAt: number;
  /** Absent where nobody has said when. */
  readonly arrivesAt?: number;
}

/** The screen that was let in to a lift's cabin. */
export interface CabinTerminal {
  /** Another one for every pairing. */
  readonly id: string;
  readonly liftId: string;
  readonly pairedAt: number;
  /** Who gave out its code. */
  readonly pairedBy: Actor;
}
