import { type Static, Type } from 'typebox';
import { BullmqSinkOptions } from './sinks/bullmq.ts';
import { MqttSinkOptions } from './sinks/mqtt.ts';
import { WebhookSinkOptions } from './sinks/webhook.ts';

const closed = { additionalProperties: false } as const;

/** When and how often a message is tried. */
export const DispatchOptions = Type.Object(
  {
    timeout: Type.Number({
      default: 10,
      minimum: 0.1,
      maximum: 120,
      description:
        'Seconds a receiver may take for one message. Lowering it retries sooner; raising it suits receivers that are slow.',
    }),
    firstRetry: Type.Number({
      default: 1,
      minimum: 0.05,
      maximum: 60,
      description:
        'Seconds from the first failure to the second attempt; the wait doubles with each further one.',
    }),
    maxRetry: Type.Number({
      default: 60,
      minimum: 0.05,
      maximum: 3600,
      description:
        'Longest wait between two attempts, seconds. Lowering it delivers sooner after an outage, and knocks more often.',
    }),
    giveUpAfter: Type.Number({
      default: 72,
      minimum: 0.01,
      maximum: 8760,
      description:
        'Hours after which a message that no attempt has delivered goes to the dead letters, from which it can be replayed. ' +
        'Until then it holds up the later ones of its lift, and only those.',
    }),
    parallel: Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 256,
      description:
        'Lifts whose messages are on their way to one receiver at once. Raising it clears a backlog sooner.',
    }),
  },
  { ...closed, default: {} },
);
export type DispatchOptions = Static<typeof DispatchOptions>;

/** Where alarms go. Every message goes to each of them. */
export const AlarmOptions = Type.Object(
  {
    site: Type.String({
      default: 'site',
      pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      expected: 'small letters, digits and dashes, beginning with a letter or digit',
      description: 'Names this site in every message (`source`), so that a receiver can tell several apart.',
    }),
    webhooks: Type.Array(WebhookSinkOptions, { default: [], description: 'Receivers by HTTP.' }),
    mqtt: Type.Array(MqttSinkOptions, { default: [], description: 'Receivers by MQTT.' }),
    bullmq: Type.Array(BullmqSinkOptions, {
      default: [],
      description: 'Queues in Redis, for BullMQ workers.',
    }),
    dispatch: DispatchOptions,
  },
  closed,
);
export type AlarmOptions = Static<typeof AlarmOptions>;
