import { Value } from 'typebox/value';
import { createLogger } from '../../../core/index.ts';
import { AlarmOptions, createDispatcher, createSinks, sinkNames } from '../../../incidents/index.ts';
import { createStorage } from '../../../storage/index.ts';
import { change, messageOf, storageOptions } from './records.ts';

/**
 * A service in small, to be killed: lifts whose incidents change as fast as they can be recorded, and a dispatcher. Says
 * `ready`, then `ack <id>` for every change that it may show, and with no load `empty` once all is told.
 */
interface Order {
  readonly storage: Readonly<Record<string, unknown>>;
  readonly alarms: Readonly<Record<string, unknown>>;
  readonly round: number;
  readonly lifts: number;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const alarms = Value.Default(AlarmOptions, structuredClone(order.alarms)) as AlarmOptions;
const logger = createLogger({ level: 'silent' });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const storage = await createStorage(storageOptions(order.storage), {
  sinks: sinkNames(alarms),
  logger,
  env: {},
});
const dispatcher = createDispatcher(alarms.dispatch, {
  sinks: createSinks(alarms),
  outbox: storage.outbox,
  logger,
});
storage.on('recorded', () => dispatcher.wake());
storage.on('state', ({ state }) => say(`state ${state}`));
say('ready');

async function burden(lift: number): Promise<void> {
  const id = `r${order.round}-l${lift}`;
  for (let version = 1; ; version += 1) {
    const told = change({ id, liftId: `lift-${lift}`, version }, Date.now());
    await storage.incidents.record([told], messageOf);
    say(`ack ${id}/${version}`);
    // As fast as the receiver keeps up, so that the round after has something left over but not everything.
    if (version % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (let lift = 0; lift < order.lifts; lift += 1) void burden(lift);
if (order.lifts === 0) {
  for (;;) {
    const waiting =
      storage.health().state === 'ok' ? (await storage.outbox.backlog()).map((b) => b.waiting) : [1];
    if (waiting.every((count) => count === 0)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  say('empty');
  await dispatcher.close();
  await storage.close();
}
