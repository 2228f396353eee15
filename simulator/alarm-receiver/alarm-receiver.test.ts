import { Webhook } from 'standardwebhooks';
import { afterEach, expect, test } from 'vitest';
import { type AlarmReceiver, startAlarmReceiver } from './alarm-receiver.ts';

let receiver: AlarmReceiver;
afterEach(() => receiver.close());

async function post(id: string, secret: string): Promise<number> {
  const body = JSON.stringify({ id });
  const now = new Date();
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  return (await fetch(receiver.url, { method: 'POST', headers, body })).status;
}

test('takes what is signed, each message once, and turns the rest away', async () => {
  receiver = await startAlarmReceiver();
  expect(await post('a/1', receiver.secret)).toBe(204);
  expect(await post('a/1', receiver.secret)).toBe(204);
  expect(await post('a/2', receiver.secret)).toBe(204);
  expect(await post('a/3', `whsec_${'A'.repeat(32)}`)).toBe(401);
  expect((await fetch(receiver.url, { method: 'POST', body: '{}' })).status).toBe(401);
  expect(receiver.alarms.map(({ message }) => message.id)).toEqual(['a/1', 'a/2']);
  expect(receiver.refused).toBe(2);
});
