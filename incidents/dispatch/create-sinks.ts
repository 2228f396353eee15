import { type AlarmSink, CabinwatchError } from '../../core/index.ts';
import type { AlarmOptions } from './options.ts';
import { createBullmqSink } from './sinks/bullmq.ts';
import { createMqttSink } from './sinks/mqtt.ts';
import { createWebhookSink } from './sinks/webhook.ts';

/** Every kind of sink, under its key in the options. A new one is a file in sinks/, its schema in options.ts and a line here. */
export const SINKS = Object.freeze({
  webhooks: createWebhookSink,
  mqtt: createMqttSink,
  bullmq: createBullmqSink,
});

type SinkKinds = Pick<AlarmOptions, keyof typeof SINKS>;

/**
 * The sinks that are set up. None connects before its first message.
 * @throws CabinwatchError CONFIG_INVALID when two have the same name
 */
export function createSinks(options: SinkKinds): AlarmSink[] {
  const names = sinkNames(options);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `Two alarm receivers are called "${twice}"; give each its own name.`,
    );
  return [
    ...options.webhooks.map(SINKS.webhooks),
    ...options.mqtt.map(SINKS.mqtt),
    ...options.bullmq.map(SINKS.bullmq),
  ];
}

export function sinkNames({ webhooks, mqtt, bullmq }: SinkKinds): string[] {
  return [...webhooks, ...mqtt, ...bullmq].map(({ name }) => name);
}
