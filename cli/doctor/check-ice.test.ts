import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { checkIce, iceAddress } from './check-ice.ts';

test.each([
  ['stun:stun.example.org', 'stun.example.org', 3478, true],
  ['turn:192.0.2.1:3479', '192.0.2.1', 3479, true],
  ['turn:192.0.2.1?transport=tcp', '192.0.2.1', 3478, false],
  ['turns:turn.example.org', 'turn.example.org', 5349, false],
  ['turn:[2001:db8::1]:3480?transport=udp', '2001:db8::1', 3480, true],
])('%s is read', (url, host, port, udp) => {
  expect(iceAddress(url)).toEqual({ host, port, udp });
});

test('none at all is worth knowing, and TURN without its secret must be changed', async () => {
  expect(await checkIce({ stun: [], turn: [], secret: undefined })).toMatchObject([
    { id: 'ice', level: 'note' },
  ]);
  const findings = await checkIce({
    stun: [],
    turn: ['turn:127.0.0.1:9?transport=tcp'],
    secret: undefined,
  });
  expect(findings).toMatchObject([
    { id: 'ice-secret', level: 'change' },
    { level: 'change', facts: { reason: 'ECONNREFUSED' } },
  ]);
});

test('a server that is silent, or speaks something else, is told apart from one that answers', async () => {
  const server = createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `stun:127.0.0.1:${server.address().port}`;
  const check = async (): Promise<unknown> =>
    (await checkIce({ stun: [url], turn: [], secret: undefined }))[0];
  expect(await check()).toMatchObject({ level: 'change', facts: { reason: 'silence' } });
  server.once('message', (_, { port }) => server.send('what?', port));
  expect(await check()).toMatchObject({ level: 'change', facts: { reason: 'no STUN server' } });
  server.close();
});
