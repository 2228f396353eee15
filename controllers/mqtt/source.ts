import { CabinwatchError } from '../../core/index.ts';
import type { LiftControllerOptions } from '../options.ts';

export interface TopicRoute {
  readonly liftId: string;
  /** `status` is the controller's last will, and its taking back. */
  readonly what: 'message' | 'status';
}

/** What an MQTT connection needs to know of the lifts it listens for. */
export interface MqttLift {
  readonly id: string;
  readonly controller: LiftControllerOptions;
}

/** `drop`: too much; `cut`: so much that the connection should end. */
export type Heed = 'taken' | 'drop' | 'cut';

export interface MqttEars {
  readonly message: (liftId: string, payload: Uint8Array, receivedAt: number) => Heed;
  readonly status: (liftId: string, payload: Uint8Array, receivedAt: number) => void;
}

/** One way in which controllers' MQTT messages arrive: the built-in broker or an external one. Covered by one contract suite. */
export interface MqttSource {
  /** Replaces the lifts that may speak. */
  setLifts(lifts: readonly MqttLift[]): void;
  stats(): MqttStats;
  /** Idempotent; nothing is heard after it. */
  close(): Promise<void>;
}

export interface MqttStats {
  readonly kind: 'built-in' | 'external';
  /** The built-in broker's connections, or 1 and 0 for an external broker that is there or not. */
  readonly connected: number;
  /** Whether every lift's topic is listened to now. */
  readonly subscribed: boolean;
  /** Sign-ins refused. */
  readonly refused: number;
  /** Messages on topics that the sender has no right to, or that no lift has. */
  readonly foreign: number;
  readonly reconnects: number;
}

const TREE = 'cabinwatch';

export const messageTopic = ({ id, controller }: MqttLift): string =>
  controller.topic ?? `${TREE}/${id}/state`;
export const statusTopic = (liftId: string): string => `${TREE}/${liftId}/status`;
/** All that a lift may write to begins with this, beside its own `topic`. */
export const treeOf = (liftId: string): string => `${TREE}/${liftId}/`;

/**
 * Which lift a topic belongs to, and what comes there.
 * @throws CabinwatchError CONFIG_INVALID for two lifts with one topic
 */
export function topicRoutes(lifts: readonly MqttLift[]): Map<string, TopicRoute> {
  const routes = new Map<string, TopicRoute>();
  const add = (topic: string, route: TopicRoute): void => {
    const other = routes.get(topic);
    if (other) {
      const detail = `lift ${route.liftId}, controller.topic: expected a topic of its own, found ${topic}, which lift ${other.liftId} already has`;
      throw new CabinwatchError('CONFIG_INVALID', detail);
    }
    routes.set(topic, route);
  };
  for (const lift of lifts) {
    add(statusTopic(lift.id), { liftId: lift.id, what: 'status' });
    add(messageTopic(lift), { liftId: lift.id, what: 'message' });
  }
  return routes;
}
