import { type EventEmitter, once } from 'node:events';
import type { MqttClient } from 'mqtt';
import { type Static, Type } from 'typebox';
import type { AlarmMessage, AlarmSink } from '../../../core/index.ts';
import { reasonOf, sinkFailed } from './sink-error.ts';
import { SinkName } from './sink-name.ts';
import { untilAborted } from './until-aborted.ts';

export const MqttSinkOptions = Type.Object(
  {
    name: SinkName,
    url: Type.String({
      pattern: '^(mqtts?|wss?)://',
      expected: 'an mqtt://, mqtts://, ws:// or wss:// address',
      description:
        'The broker. Certificates are verified; NODE_EXTRA_CA_CERTS names those of an own authority.',
    }),
    username: Type.Optional(Type.String({ minLength: 1, description: 'User name at the broker.' })),
    password: Type.Optional(Type.String({ minLength: 1, description: 'Password at the broker.' })),
    topic: Type.String({
      default: 'cabinwatch/alarms/{lift}',
      pattern: '^[^#+]+$',
      expected: 'a topic without # and +',
      description:
        'Where messages are published; `{lift}` stands for the lift’s id. Published with QoS 1, not retained.',
    }),
  },
  { additionalProperties: false },
);
export type MqttSinkOptions = Static<typeof MqttSinkOptions>;

const RECONNECT_MS = 1000;

/** Publishes messages with QoS 1: delivered once the broker has acknowledged. */
export function createMqttSink(options: MqttSinkOptions): AlarmSink {
  const { name, url, username, password, topic } = options;
  let opening: Promise<MqttClient> | undefined;
  let closed = false;

  const open = async (): Promise<MqttClient> => {
    const { connect } = await import('mqtt');
    const client = connect(url, {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      reconnectPeriod: RECONNECT_MS,
      resubscribe: false,
    });
    // Said by the attempt that fails for it; without a listener it would end the process.
    client.on('error', () => {});
    return client;
  };

  return {
    name,
    async deliver(message: AlarmMessage, signal: AbortSignal): Promise<void> {
      if (closed) throw sinkFailed(name, 'is closed');
      opening ??= open();
      const client = await opening;
      try {
        if (!client.connected) await once(client as unknown as EventEmitter, 'connect', { signal });
        const target = topic.replaceAll('{lift}', message.data.incident.liftId);
        await untilAborted(signal, client.publishAsync(target, JSON.stringify(message), { qos: 1 }));
      } catch (error) {
        throw sinkFailed(name, `did not take it (${reasonOf(error)})`, error);
      }
    },
    async close() {
      closed = true;
      await (await opening)?.endAsync(true);
    },
  };
}
