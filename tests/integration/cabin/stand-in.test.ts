import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ServiceCabins } from '../../../app/index.ts';
import { ManualClock, silentLogger } from '../../../core/index.ts';
import { serviceIdentity } from '../../../signaling/index.ts';
import { RawClient, type Service, startService } from '../signaling/harness.ts';

/** The camera's side of a call stands in for a screen that is away. Only the looking runs on a clock of ours. */

const LIFT = { id: 'l1', camera: { url: 'rtsp://127.0.0.1/none' } } as never;
const PATIENCE = { timeout: 10_000, interval: 20 };

let service: Service;
let clock: ManualClock;
let screen: { readonly id: string } | undefined;
let cabins: ServiceCabins;

beforeEach(async () => {
  service = await startService();
  clock = new ManualClock(0);
  screen = { id: 'terminal-1' };
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  cabins = new ServiceCabins({
    signaling: service.signaling,
    cameras: new Map(),
    screen: async () => screen,
    clock,
    logger: silentLogger,
  });
  await cabins.put(LIFT);
});
afterEach(async () => {
  await cabins.close();
  vi.useRealTimers();
  await service.close();
});

const look = (seconds = 1): void => {
  clock.advance(seconds * 1000);
  vi.advanceTimersByTime(1000);
};
const present = (identity: string): boolean => service.signaling.isPresent('l1', identity);
const cameraAnswers = () => expect.poll(() => present(serviceIdentity('l1')), PATIENCE);
async function join(role: 'cabin' | 'operator', identity: string): Promise<RawClient> {
  const token = service.signaling.joinToken({ liftId: 'l1', role, identity, name: identity });
  const client = await RawClient.join(service.url, { token });
  await client.next('welcome');
  return client;
}

it('a screen has 20 s to come; then the camera answers, until the screen is back', async () => {
  look(19);
  expect(present(serviceIdentity('l1'))).toBe(false);
  look(1);
  await cameraAnswers().toBe(true);
  const terminal = await join('cabin', 'terminal-1');
  await cameraAnswers().toBe(false);
  look();
  look(60);
  expect(present('terminal-1')).toBe(true);
  terminal.socket.close();
  await expect.poll(() => present('terminal-1'), PATIENCE).toBe(false);
  look(19);
  expect(present(serviceIdentity('l1'))).toBe(false);
  look(1);
  await cameraAnswers().toBe(true);
});

it('does not come between a screen whose line is down and the operator it talks to', async () => {
  const terminal = await join('cabin', 'terminal-1');
  look();
  const operator = await join('operator', 'u1');
  operator.send({ type: 'call' });
  await operator.next('call');
  terminal.socket.close();
  await expect.poll(() => present('terminal-1'), PATIENCE).toBe(false);
  look(60);
  expect(present(serviceIdentity('l1'))).toBe(false);
  service.signaling.endCall('l1', 'hung-up');
  look();
  await cameraAnswers().toBe(true);
});

it('answers at once where there is no screen, and leaves to one that is paired', async () => {
  screen = undefined;
  await cabins.meet('l1');
  await cameraAnswers().toBe(true);
  screen = { id: 'terminal-2' };
  await cabins.meet('l1');
  await cameraAnswers().toBe(false);
  await cabins.remove('l1');
  look(60);
  screen = undefined;
  await cabins.meet('l1');
  expect(present(serviceIdentity('l1'))).toBe(false);
});
