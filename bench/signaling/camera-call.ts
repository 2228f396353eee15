import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { createCabinClient, createCallClient } from '../../console/index.ts';
import { type I420Picture, silentLogger } from '../../core/index.ts';
import {
  createServiceCabin,
  createSignaling,
  loadWrtc,
  type PeerConnection,
  SignalingOptions,
} from '../../signaling/index.ts';
import { openSocket } from '../call/open-socket.ts';

/**
 * What does one call cost this service where a cabin has only a camera? The picture (640×360, 15 fps, noise that moves, so that there is
 * something to encode) is made beforehand; the operator is a process of its own.
 */
const [WIDTH, HEIGHT, FPS, SECONDS] = [640, 360, 15, 10];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const pictures: I420Picture[] = Array.from({ length: 30 }, (_, n) => {
  const data = new Uint8Array(WIDTH * HEIGHT * 1.5).fill(128);
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1)
      data[y * WIDTH + x] =
        128 + 60 * Math.sin((x + n * 4) / 17) * Math.cos((y - n * 3) / 23) + ((x * y) % 7);
  return { width: WIDTH, height: HEIGHT, data };
});

async function* film(signal: AbortSignal): AsyncIterable<I420Picture> {
  for (let n = 0; !signal.aborted; n += 1) {
    yield pictures[n % pictures.length]!;
    await pause(1000 / FPS);
  }
}

const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

async function serve(): Promise<void> {
  const signaling = await createSignaling(
    Value.Parse(SignalingOptions, Value.Default(SignalingOptions, {})),
    {
      logger: silentLogger,
    },
  );
  const server = createServer();
  signaling.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/signal`;
  const cabin = await createServiceCabin(
    { liftId: 'a', name: 'Lift A' },
    { signaling, media: { video: film }, createClient: createCabinClient, logger: silentLogger },
  );
  await pause(1000);
  const idleFrom = cpuSeconds(process.pid);
  await pause(3000);
  const idle = (cpuSeconds(process.pid) - idleFrom) / 3;
  const token = signaling.joinToken({ liftId: 'a', role: 'operator', identity: 'op', name: 'Operator' });
  const operator = fork(fileURLToPath(import.meta.url), ['operator', url, token], {
    execArgv: ['--import', 'tsx'],
  });
  const pictureMs = await new Promise((resolve) => operator.once('message', resolve));
  // The encoder has found its rate by then.
  await pause(5000);
  const from = cpuSeconds(process.pid);
  await pause(SECONDS * 1000);
  const busy = (cpuSeconds(process.pid) - from) / SECONDS;
  const frames = await new Promise((resolve) => {
    operator.once('message', resolve);
    operator.send('frames');
  });
  console.log(
    `first picture ${pictureMs} ms after the click; ${(busy - idle).toFixed(3)} of a core a call ` +
      `(idle ${idle.toFixed(3)}); ${frames} pictures had come by the end`,
  );
  operator.kill();
  await cabin.close();
  await signaling.close();
  process.exit();
}

async function operate(url: string, token: string): Promise<void> {
  const wrtc = await loadWrtc();
  const client = createCallClient(
    { url, token: async () => token },
    {
      platform: {
        openSocket,
        createConnection: (configuration) =>
          new wrtc.RTCPeerConnection(configuration) as unknown as PeerConnection,
      },
      openMedia: async () => ({}),
    },
  );
  const frames = async (): Promise<number> => [...(await client.stats()).values()][0]?.framesDecoded ?? 0;
  while (!client.start()) await pause(20);
  const from = performance.now();
  while ((await frames()) === 0) await pause(10);
  process.send?.(Math.round(performance.now() - from));
  process.on('message', async () => process.send?.(await frames()));
}

const [role, url, token] = process.argv.slice(2);
if (role === 'operator' && url && token) await operate(url, token);
else await serve();
