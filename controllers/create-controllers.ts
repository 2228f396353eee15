import { Value } from 'typebox/value';
import {
  CabinwatchError,
  type CarState,
  type Clock,
  Emitter,
  type Logger,
  silentLogger,
  systemClock,
  type TimelineEntry,
} from '../core/index.ts';
import { ControlledLift, type Intake, type LiftCounters } from './controlled-lift.ts';
import { createMappings } from './mapping/create-mappings.ts';
import { createEmbeddedBroker } from './mqtt/embedded-broker.ts';
import { createExternalBroker } from './mqtt/external-broker.ts';
import { createPermissions } from './mqtt/permissions.ts';
import { type Heed, type MqttEars, type MqttSource, type MqttStats, topicRoutes } from './mqtt/source.ts';
import { ControllerOptions, type LiftControllerOptions } from './options.ts';
import { type Ingested, ingestAll, parsePayload } from './payload.ts';
import { createRejections, type MessageRejected } from './rejections.ts';
import { createSilenceLimits } from './silence-limits.ts';
import type { Heeded } from './tracker/tracker-types.ts';

export interface ControllersDeps {
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Uniform in [0, 1): spreads the attempts to reach an external broker. */
  readonly random?: () => number;
}

/** One lift with a controller: its id and the `controller` group of its settings. */
export interface LiftWithController {
  readonly id: string;
  readonly controller: LiftControllerOptions;
}

export interface ControllerEvents {
  /** What is known of a car is something else: by a message, or by silence. */
  readonly state: CarState;
  readonly timeline: TimelineEntry;
  /** At most once a second and lift. */
  readonly 'message-rejected': MessageRejected;
}

export interface ControllerStats {
  readonly lifts: number;
  readonly online: number;
  readonly silent: number;
  /** Summed over the lifts there are. */
  readonly counters: LiftCounters;
  /** Undefined while nothing listens for MQTT. */
  readonly mqtt: MqttStats | undefined;
}

export interface Controllers {
  /**
   * One message or a list of them, parsed, that came by HTTP. In a list, what is good before a bad one is taken.
   * @throws CabinwatchError INPUT_NOT_FOUND (no such lift, or it has no controller), INPUT_INVALID (where, what was expected and
   * found), TOO_MANY, CLOSED
   */
  ingest(liftId: string, body: unknown, receivedAt: number): Ingested;
  /** Undefined for a lift without a controller. */
  state(liftId: string): CarState | undefined;
  states(): IterableIterator<CarState>;
  counters(liftId: string): LiftCounters | undefined;
  /** By how much the lift's clock is behind ours, ms; undefined without time stamps. */
  clockOffset(liftId: string): number | undefined;
  on<K extends keyof ControllerEvents>(
    event: K,
    listener: (payload: ControllerEvents[K]) => void,
  ): () => void;
  /**
   * Replaces the lifts: new ones are added, others keep what is known of them, the rest is forgotten. The first with a way to
   * MQTT opens it.
   * @throws CabinwatchError CONFIG_INVALID naming the lift and key, ADDRESS_IN_USE; then nothing has changed
   */
  setLifts(lifts: readonly LiftWithController[]): Promise<void>;
  stats(): ControllerStats;
  /** The built-in broker's port; undefined while it does not listen. */
  readonly mqttPort: number | undefined;
  close(): Promise<void>;
}

/** How often it is looked who has fallen silent. */
const SWEEP_MS = 500;

/** Controllers' messages in, car states out: for any number of lifts, each kept from disturbing the others. */
export function createControllers(
  given: Partial<ControllerOptions> = {},
  { logger = silentLogger, clock = systemClock, random = Math.random }: ControllersDeps = {},
): Controllers {
  const options = Value.Default(ControllerOptions, structuredClone(given)) as ControllerOptions;
  const mappingOf = createMappings(options.mappings);
  const limitsOf = createSilenceLimits(options);
  const events = new Emitter<ControllerEvents>((error, event) =>
    logger.error({ error, event }, 'a listener failed'),
  );
  const rejections = createRejections(logger, (rejected) => events.emit('message-rejected', rejected));
  const lifts = new Map<string, ControlledLift>();
  let source: MqttSource | undefined;
  let mqttPort: number | undefined;
  let changing: Promise<void> = Promise.resolve();
  let closing: Promise<void> | undefined;

  function tell(lift: ControlledLift, { changed, timeline }: Heeded, now: number): void {
    for (const entry of timeline) events.emit('timeline', entry);
    if (changed) events.emit('state', lift.state(now));
  }

  function note(lift: ControlledLift, intake: Intake, now: number): void {
    if ('timeline' in intake) tell(lift, intake, now);
    else rejections.add(lift.id, 'problem' in intake ? intake.problem : 'too many messages', now);
  }

  const ears: MqttEars = {
    message(liftId, payload, receivedAt) {
      const lift = lifts.get(liftId);
      if (!lift) return 'drop';
      let heed: Heed = 'taken';
      for (const value of parsePayload(payload)) {
        const intake =
          value instanceof Error ? lift.takeBroken(value.message, receivedAt) : lift.take(value, receivedAt);
        note(lift, intake, receivedAt);
        if (intake.outcome === 'limited')
          heed = rejections.floods(liftId, options.maxPerSecond) ? 'cut' : 'drop';
      }
      return heed;
    },
    status(liftId, payload, receivedAt) {
      if (new TextDecoder().decode(payload) === 'offline') lifts.get(liftId)?.tracker.lost(receivedAt);
    },
  };

  const sweep = setInterval(() => {
    const now = clock.now();
    for (const lift of lifts.values())
      if (lift.tracker.deadline <= now) tell(lift, lift.tracker.expire(now), now);
    rejections.flush(now);
  }, SWEEP_MS).unref();

  async function change(next: readonly LiftWithController[]): Promise<void> {
    if (closing) throw closed();
    // All that can be wrong is found before anything is changed.
    createPermissions(next);
    topicRoutes(next);
    const settings = next.map(({ id, controller }) => ({
      id,
      controller,
      mapping: mappingOf(controller.mapping, `lift ${id}, controller.mapping`),
      limits: limitsOf(controller),
    }));
    const needed = options.mqtt
      ? next.length > 0
      : next.some(({ controller }) => controller.password !== undefined);
    if (needed && !source) await open();
    const gone = new Set(lifts.keys());
    for (const { id, ...setting } of settings) {
      gone.delete(id);
      const lift = lifts.get(id);
      if (!lift) lifts.set(id, new ControlledLift(id, setting, options.maxPerSecond));
      else {
        lift.setting = setting;
        tell(lift, lift.tracker.setLimits(setting.limits, clock.now()), clock.now());
      }
    }
    for (const id of gone) lifts.delete(id);
    source?.setLifts(next);
  }

  async function open(): Promise<void> {
    if (options.mqtt) {
      source = await createExternalBroker(options.mqtt, { logger, clock, ears, random });
      return;
    }
    const broker = await createEmbeddedBroker(options, { logger, clock, ears });
    mqttPort = broker.port;
    source = broker;
  }

  return {
    ingest(liftId, body, receivedAt) {
      if (closing) throw closed();
      const lift = lifts.get(liftId);
      if (!lift)
        throw new CabinwatchError('INPUT_NOT_FOUND', `There is no lift "${liftId}" with a controller.`);
      return ingestAll(lift, body, receivedAt, (intake) => note(lift, intake, receivedAt));
    },
    state: (liftId) => lifts.get(liftId)?.state(clock.now()),
    *states() {
      const now = clock.now();
      for (const lift of lifts.values()) yield lift.state(now);
    },
    counters: (liftId) => lifts.get(liftId)?.counters,
    clockOffset: (liftId) => lifts.get(liftId)?.tracker.clockOffsetMs,
    on: (event, listener) => events.on(event, listener),
    setLifts(next) {
      const done = changing.then(() => change(next));
      changing = done.catch(() => {});
      return done;
    },
    stats: () => ({ ...sumUp(lifts.values()), mqtt: source?.stats() }),
    get mqttPort() {
      return mqttPort;
    },
    close() {
      closing ??= changing.then(async () => {
        clearInterval(sweep);
        await source?.close();
        rejections.flush(clock.now());
      });
      return closing;
    },
  };
}

const closed = (): CabinwatchError => new CabinwatchError('CLOSED', 'The controllers’ intake is closed.');

function sumUp(lifts: Iterable<ControlledLift>): Omit<ControllerStats, 'mqtt'> {
  const sum = { lifts: 0, online: 0, silent: 0 };
  const counters: Record<string, number> = {};
  for (const lift of lifts) {
    sum.lifts++;
    if (lift.tracker.link === 'online') sum.online++;
    if (lift.tracker.link === 'silent') sum.silent++;
    for (const [key, count] of Object.entries(lift.counters)) counters[key] = (counters[key] ?? 0) + count;
  }
  return { ...sum, counters: counters as unknown as LiftCounters };
}
