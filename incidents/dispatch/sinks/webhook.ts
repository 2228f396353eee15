import { Webhook } from 'standardwebhooks';
import { type Static, Type } from 'typebox';
import { type AlarmMessage, type AlarmSink, CabinwatchError } from '../../../core/index.ts';
import { reasonOf, sinkFailed } from './sink-error.ts';
import { SinkName } from './sink-name.ts';

export const WebhookSinkOptions = Type.Object(
  {
    name: SinkName,
    url: Type.String({
      pattern: '^https?://',
      expected: 'an http:// or https:// address',
      description:
        'Where messages are posted. Certificates are verified; NODE_EXTRA_CA_CERTS names those of an own authority. ' +
        'Redirects are not followed.',
    }),
    secrets: Type.Array(
      Type.String({
        pattern: '^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$',
        expected: 'at least 24 bytes in base64, with or without `whsec_` before them',
      }),
      {
        minItems: 1,
        maxItems: 4,
        description:
          'What messages are signed with, as Standard Webhooks say. Each of several signs: to change a secret, add the new ' +
          'one, let the receiver learn it, then take the old one away.',
      },
    ),
    headers: Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'Further headers, such as Authorization. They are logged nowhere.',
    }),
  },
  { additionalProperties: false },
);
export type WebhookSinkOptions = Static<typeof WebhookSinkOptions>;

/** HTTP 410: the receiver says that it is gone for good. */
const GONE = 410;

/** Posts messages as CloudEvents in structured JSON, signed as Standard Webhooks say (standardwebhooks.com). */
export function createWebhookSink({ name, url, secrets, headers }: WebhookSinkOptions): AlarmSink {
  const signers = secrets.map((secret) => new Webhook(secret));
  let closed = false;
  return {
    name,
    async deliver(message: AlarmMessage, signal: AbortSignal): Promise<void> {
      if (closed) throw sinkFailed(name, 'is closed');
      const body = JSON.stringify(message);
      const sent = new Date();
      const signature = signers.map((signer) => signer.sign(message.id, sent, body)).join(' ');
      let response: Response;
      try {
        response = await fetch(url, {
          method: 'POST',
          headers: {
            ...headers,
            'content-type': 'application/cloudevents+json; charset=utf-8',
            'webhook-id': message.id,
            'webhook-timestamp': String(Math.floor(sent.getTime() / 1000)),
            'webhook-signature': signature,
          },
          body,
          redirect: 'manual',
          signal,
        });
        // The status is all that counts; an unread answer would keep its connection.
        await response.body?.cancel();
      } catch (error) {
        throw sinkFailed(name, `cannot be reached (${reasonOf(error)})`, error);
      }
      if (response.ok) return;
      if (response.status === GONE)
        throw new CabinwatchError('SINK_REFUSED', `The receiver "${name}" is gone for good (410).`);
      throw sinkFailed(name, `answered ${response.status}`);
    },
    async close() {
      closed = true;
    },
  };
}
