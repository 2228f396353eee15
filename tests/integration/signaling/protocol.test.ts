import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { TokenRequest } from '../../../signaling/index.ts';
import { RawClient, type Service, startService } from './harness.ts';
import { MemoryCallLog } from './memory-call-log.ts';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

async function start(...args: Parameters<typeof startService>): Promise<Service> {
  const service = await startService(...args);
  cleanup.push(() => service.close());
  return service;
}

async function join(service: Service, hello: Parameters<typeof RawClient.join>[1]): Promise<RawClient> {
  const client = await RawClient.join(service.url, hello);
  cleanup.push(() => client.close());
  return client;
}

const who = (role: TokenRequest['role'], identity: string = role): TokenRequest => ({
  liftId: 'a',
  role,
  identity,
  name: `Name of ${identity}`,
});

/** Somebody who was welcomed. */
async function enter(service: Service, role: TokenRequest['role'], identity?: string): Promise<RawClient> {
  const client = await join(service, { token: service.signaling.joinToken(who(role, identity)) });
  await client.next('welcome');
  return client;
}

async function refusal(client: RawClient): Promise<string> {
  const { code } = await client.next('error');
  await client.gone();
  expect(client.got.some(({ type }) => type === 'welcome')).toBe(false);
  return code;
}

describe('the door', () => {
  it('lets in with a join token, once', async () => {
    const service = await start();
    const token = service.signaling.joinToken(who('operator'));
    const first = await join(service, { token });
    expect(await first.next('welcome')).toMatchObject({
      version: 1,
      liftId: 'a',
      self: { id: 'operator', role: 'operator', rights: ['publish', 'subscribe', 'call'] },
      members: [{ id: 'operator', present: true }],
      pingMs: 5000,
      goneMs: 15_000,
    });
    expect(await refusal(await join(service, { token }))).toBe('TOKEN_REPLAYED');
    expect(service.signaling.stats()).toMatchObject({ members: 1, refused: { TOKEN_REPLAYED: 1 } });
  });

  it('refuses what is forged, expired, of another kind, of another version or not permitted', async () => {
    let now = Date.now();
    const permits = ({ identity }: { identity: string }): boolean => identity !== 'dismissed';
    const service = await start({}, { clock: { now: () => now }, permits });
    const other = await start({ secret: 'quite another secret of the tests' });
    const old = service.signaling.joinToken(who('operator'));
    const fresh = (): string => service.signaling.joinToken(who('operator'));
    now += 61_000;
    expect(await refusal(await join(service, { token: old }))).toBe('TOKEN_EXPIRED');
    expect(await refusal(await join(service, { token: other.signaling.joinToken(who('operator')) }))).toBe(
      'TOKEN_INVALID',
    );
    expect(await refusal(await join(service, { token: 'nonsense' }))).toBe('TOKEN_INVALID');
    expect(await refusal(await join(service, {}))).toBe('TOKEN_INVALID');
    expect(await refusal(await join(service, { resume: fresh() }))).toBe('TOKEN_INVALID');
    expect(
      await refusal(
        await join(service, { token: service.signaling.joinToken(who('operator', 'dismissed')) }),
      ),
    ).toBe('NOT_ALLOWED');
    const future = new RawClient(service.url);
    await future.hello({ token: fresh(), versions: [2, 3] });
    expect(await refusal(future)).toBe('VERSION');
  });

  it('opens for a guest link again and again, for one at a time, until it has run out', async () => {
    let now = Date.now();
    const service = await start({}, { clock: { now: () => now } });
    const token = service.signaling.guestToken(
      { liftId: 'a', identity: 'link-7', name: '96333' },
      now + 5_000,
    );
    const first = await join(service, { token });
    const { resume } = await first.next('welcome');
    const second = await join(service, { token });
    await second.next('welcome');
    expect((await first.next('bye')).reason).toBe('replaced');
    now += 5_000;
    expect((await second.next('bye')).reason).toBe('expired');
    expect(await refusal(await join(service, { token }))).toBe('TOKEN_EXPIRED');
    expect(await refusal(await join(service, { resume }))).toBe('TOKEN_EXPIRED');
  });

  it('is at one path, however many slashes a proxy makes of it, and only for whom it is meant', async () => {
    const service = await start();
    const doubled = await RawClient.join(service.url.replace('/signal', '//signal'), {
      token: service.signaling.joinToken(who('operator')),
    });
    cleanup.push(() => doubled.close());
    await doubled.next('welcome');
    const server = createServer();
    service.signaling.attach(server, { isAllowed: ({ headers }) => headers.origin === 'https://ours' });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.push(() => server.close());
    const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}/signal`;
    const theirs = new RawClient(url, { headers: { origin: 'https://theirs' } });
    await expect(theirs.opened()).rejects.toThrow();
    const ours = new RawClient(url, { headers: { origin: 'https://ours' } });
    cleanup.push(() => ours.close());
    await ours.opened();
  });

  it('is shut when it is full, and says so', async () => {
    const service = await start({ maxConnections: 1 });
    await enter(service, 'cabin');
    const late = new RawClient(service.url);
    expect(await late.next('error')).toMatchObject({ code: 'FULL', retryable: true });
    await late.gone();
  });

  it('does not wait for who says nothing', async () => {
    let now = Date.now();
    const service = await start({ pingSeconds: 0.5, goneSeconds: 30 }, { clock: { now: () => now } });
    const mute = new RawClient(service.url);
    await mute.opened();
    now += 5_001;
    expect(await refusal(mute)).toBe('TIMEOUT');
  });
});

describe('a line', () => {
  it('is pinged, and gone when nothing is heard; the place is kept for a while', async () => {
    const service = await start({ pingSeconds: 0.1, goneSeconds: 0.4, departureSeconds: 0.5 });
    const operator = await enter(service, 'operator');
    const cabin = await enter(service, 'cabin');
    await operator.next('members', ({ members }) => members.length === 2);
    cabin.answersPings = false;
    await operator.next('members', ({ members }) =>
      members.some(({ id, present }) => id === 'cabin' && !present),
    );
    expect(await cabin.gone()).toMatchObject({ reason: 'gone' });
    await operator.next('members', ({ members }) => members.length === 1);
    // Who answers is still there.
    expect(operator.closed).toBeUndefined();
  });

  it('answers who asks whether it works', async () => {
    const operator = await enter(await start(), 'operator');
    operator.send({ type: 'ping' });
    await operator.next('pong');
  });

  it('with too large a message is cut; compression, behind which one could hide, is not offered', async () => {
    const service = await start({ maxMessageBytes: 16_384 });
    const operator = await enter(service, 'operator');
    expect(operator.socket.extensions).toBe('');
    operator.send({ type: 'pong', padding: 'x'.repeat(16_384) });
    expect((await operator.gone()).code).toBe(1009);
    // Few characters, many bytes.
    const other = await enter(service, 'operator', 'o2');
    other.send({ type: 'pong', padding: '困'.repeat(6_000) });
    expect((await other.gone()).code).toBe(1009);
  });

  it('with too many messages is cut, and others go on', async () => {
    const service = await start({ messagesPerSecond: 5 });
    const [loud, quiet] = [
      await enter(service, 'operator', 'loud'),
      await enter(service, 'operator', 'quiet'),
    ];
    for (let n = 0; n < 40; n += 1) loud.send({ type: 'pong' });
    expect(await loud.next('error')).toMatchObject({ code: 'RATE', retryable: true });
    expect((await loud.gone()).code).toBe(4008);
    quiet.send({ type: 'ping' });
    await quiet.next('pong');
  });

  it('bears unknown kinds of message, nonsense only for a while, and no binary', async () => {
    const service = await start();
    const operator = await enter(service, 'operator');
    for (let n = 0; n < 12; n += 1) operator.send({ type: `from-the-future-${n}` });
    expect(await operator.next('error')).toMatchObject({ code: 'UNKNOWN_TYPE' });
    operator.send({ type: 'ping' });
    await operator.next('pong');
    for (let n = 0; n < 12; n += 1) operator.send('{');
    await operator.gone();
    const binary = await enter(service, 'operator', 'binary');
    binary.socket.send(Buffer.from('{"type":"pong"}'));
    expect((await binary.gone()).code).toBe(1003);
  });

  it('whose reader is too slow is cut, rather than shown the past', async () => {
    const service = await start({ messagesPerSecond: 10_000 });
    const cabin = await enter(service, 'cabin');
    const operator = await enter(service, 'operator');
    operator.send({ type: 'call' });
    const { call } = await cabin.next('call');
    cabin.socket.pause();
    const description = { type: 'offer', sdp: 'x'.repeat(59_000) };
    const isAway = (): boolean =>
      operator.got.some(
        (one) => one.type === 'members' && one.members.some(({ id, present }) => id === 'cabin' && !present),
      );
    // As much as fits into all the buffers on the way, and then a little more.
    for (let n = 0; n < 1000 && !isAway(); n += 1) {
      operator.send({ type: 'signal', callId: call.id, to: 'cabin', generation: 0, description });
      if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(isAway).toBe(true);
    operator.send({ type: 'ping' });
    await operator.next('pong');
  });
});

describe('a place', () => {
  it('is taken up again by its resume token: after a cut line, and after a restart', async () => {
    const calls = new MemoryCallLog();
    const service = await start({}, { callLog: calls });
    const cabin = await enter(service, 'cabin');
    const operator = await enter(service, 'operator');
    operator.send({ type: 'call', incidentId: 'i1' });
    const { call } = await cabin.next('call');
    cabin.send({ type: 'answer', callId: call.id });
    await operator.next('call', (one) => one.call.state === 'negotiating');
    const resume = (await operator.next('welcome')).resume;
    operator.close();
    const back = await join(service, { resume, instance: 'same page' });
    const { call: still, resume: newer } = await back.next('welcome');
    expect(still).toMatchObject({ id: call.id, state: 'negotiating', by: { id: 'operator' } });
    expect(newer).not.toBe(resume);

    await service.close();
    expect(await back.gone()).toMatchObject({ code: 1012 });
    const next = await start({}, { callLog: calls });
    const again = await join(next, { resume: newer, instance: 'same page' });
    expect((await again.next('welcome')).call).toMatchObject({
      id: call.id,
      incidentId: 'i1',
      by: { id: 'operator' },
    });
    again.send({ type: 'hang-up', callId: call.id });
    await again.next('call', (one) => one.call.state === 'ended');
    await next.close();
    expect(calls.records.get(call.id)).toMatchObject({ state: 'ended', endReason: 'hung-up' });
  });

  it('is the later one’s where two claim it; the first is told', async () => {
    const service = await start();
    const first = await enter(service, 'operator');
    const second = await enter(service, 'operator');
    expect((await first.next('bye')).reason).toBe('replaced');
    expect(await first.gone()).toMatchObject({ code: 4000, reason: 'replaced' });
    expect(second.closed).toBeUndefined();
    expect(service.signaling.stats().members).toBe(1);
  });

  it('is lost with one’s rights, and no older token brings it back', async () => {
    const service = await start();
    const operator = await enter(service, 'operator');
    const { resume } = await operator.next('welcome');
    const unused = service.signaling.joinToken(who('operator'));
    service.signaling.withdraw('a', 'operator', ['call']);
    expect((await operator.next('rights')).rights).toEqual(['publish', 'subscribe']);
    operator.send({ type: 'call' });
    expect(await operator.next('error')).toMatchObject({ code: 'NOT_ALLOWED' });
    service.signaling.withdraw('a', 'operator');
    expect((await operator.next('bye')).reason).toBe('withdrawn');
    expect(await refusal(await join(service, { resume }))).toBe('NOT_ALLOWED');
    expect(await refusal(await join(service, { token: unused }))).toBe('NOT_ALLOWED');
  });

  it('in no other room gives anything away: calls of another lift are not heard of', async () => {
    const service = await start();
    const token = service.signaling.joinToken({ ...who('operator', 'elsewhere'), liftId: 'b' });
    const elsewhere = await join(service, { token });
    await elsewhere.next('welcome');
    await enter(service, 'cabin');
    const operator = await enter(service, 'operator');
    operator.send({ type: 'call' });
    const { call } = await operator.next('call');
    elsewhere.send({ type: 'listen', callId: call.id });
    expect(await elsewhere.next('error')).toMatchObject({ code: 'NO_CALL' });
    expect(elsewhere.got.map(({ type }) => type)).toEqual(['welcome', 'error']);
  });
});

it('a call to a cabin that is not there is refused with what to do', async () => {
  const operator = await enter(await start(), 'operator');
  operator.send({ type: 'call' });
  expect(await operator.next('error')).toMatchObject({ code: 'NO_CABIN', retryable: true, message: /phone/ });
});

it('a call log that fails holds up no call', async () => {
  const callLog = {
    put: () => Promise.reject(new Error('disk full')),
    open: () => Promise.reject(new Error('no')),
  };
  const service = await start({}, { callLog });
  const cabin = await enter(service, 'cabin');
  const operator = await enter(service, 'operator');
  operator.send({ type: 'call' });
  await cabin.next('call', ({ call }) => call.state === 'ringing');
});

it('once closed it takes nobody in, and closes again without complaint', async () => {
  const service = await start();
  const cabin = await enter(service, 'cabin');
  await service.signaling.close();
  expect((await cabin.next('bye')).reason).toBe('closing');
  const line = service.signaling.connect();
  await new Promise<void>((resolve) => {
    line.onclose = resolve;
  });
  await service.signaling.close();
});
