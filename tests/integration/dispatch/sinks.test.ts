import { afterEach, beforeEach, expect, test } from 'vitest';
import { sinkContract } from '../../contract/sink-contract.ts';
import { change, messageOf } from '../storage/records.ts';
import {
  bullmqBench,
  mqttBench,
  secret,
  sinkOf,
  startWebhookReceiver,
  type WebhookReceiver,
  webhookBench,
} from './receivers.ts';

sinkContract('webhook', webhookBench);
sinkContract('MQTT', mqttBench);
sinkContract('BullMQ', bullmqBench);

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(() => receiver.stop());

const message = messageOf(change({ id: 'i' }));
const deliver = (own: { secrets?: string[]; headers?: Record<string, string> } = {}): Promise<void> =>
  sinkOf({ webhooks: [{ name: 'desk', url: receiver.url, secrets: [secret(1)], ...own }] }).deliver(
    message,
    AbortSignal.timeout(5000),
  );

test('a webhook bears the message’s id, the content type of CloudEvents and private headers', async () => {
  await deliver({ headers: { authorization: 'Bearer x' } });
  expect(receiver.headers[0]).toMatchObject({
    'webhook-id': 'i/1',
    'content-type': 'application/cloudevents+json; charset=utf-8',
    authorization: 'Bearer x',
  });
});

test('every secret signs, so that one can be changed without a gap', async () => {
  await deliver({ secrets: [secret(9), secret(1)] });
  expect(receiver.headers[0]?.['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
});

test.each([301, 307, 400, 401, 404, 500, 503])(
  'a webhook that answers %i is tried again, and not followed',
  async (status) => {
    receiver.status = () => status;
    await expect(deliver()).rejects.toMatchObject({
      code: 'SINK_FAILED',
      message: expect.stringContaining(`${status}`),
    });
    expect(receiver.headers).toHaveLength(1);
  },
);

test('a webhook that answers 410 is not tried again', async () => {
  receiver.status = () => 410;
  await expect(deliver()).rejects.toMatchObject({ code: 'SINK_REFUSED', retryable: false });
});
