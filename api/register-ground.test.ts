import fastify from 'fastify';
import { Value } from 'typebox/value';
import { expect, it } from 'vitest';
import { silentLogger, systemClock } from '../core/index.ts';
import { createEntrance } from './auth/entrance.ts';
import { ApiOptions } from './options.ts';
import { registerGround } from './register-ground.ts';

async function ground() {
  const options: ApiOptions = { ...Value.Create(ApiOptions), open: 'this-machine' };
  const entrance = await createEntrance(options, { logger: silentLogger, clock: systemClock });
  const server = fastify();
  await registerGround(server, { entrance, logger: silentLogger, tls: false });
  return { server, close: () => server.close().then(() => entrance.close()) };
}

it('a route that does not say who may use it keeps the service from starting', async () => {
  const { server, close } = await ground();
  server.get('/forgotten', async () => 'anything');
  await expect(server.ready()).rejects.toThrow(/GET \/forgotten does not say who may use it/);
  await close();
});

it('so does one in a part of its own, and one that says so starts', async () => {
  const { server, close } = await ground();
  await server.register(async (part) => {
    part.post('/part/forgotten', async () => 'anything');
  });
  await expect(server.ready()).rejects.toThrow(/\/part\/forgotten/);
  await close();

  const right = await ground();
  right.server.get('/said', { config: { access: 'public' } }, async () => 'anything');
  await right.server.ready();
  await right.close();
});

it('what goes wrong inside is not told outside', async () => {
  const { server, close } = await ground();
  server.get('/broken', { config: { access: 'public' } }, async () => {
    throw new Error('connect ECONNREFUSED postgres://user:secret@db');
  });
  const answer = await server.inject({ url: '/broken', headers: { host: 'localhost' } });
  expect([answer.statusCode, answer.json().error.code]).toEqual([500, 'INTERNAL']);
  expect(answer.body).not.toContain('secret');
  await close();
});
