import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Value } from 'typebox/value';
import { createCabinClient } from '../../console/index.ts';
import { silentLogger } from '../../core/index.ts';
import { createServiceCabin, createSignaling, SignalingOptions } from '../../signaling/index.ts';
import { createCamera } from '../../streams/index.ts';

/** The parts of the service that a call to a cabin with only a camera needs, in a process of its own. Asked for a token, it gives one. */
const [url = ''] = process.argv.slice(2);
const camera = createCamera({ cameraId: 'cabin', liftId: 'cabin', url });
const options = Value.Parse(SignalingOptions, Value.Default(SignalingOptions, {}));
const signaling = await createSignaling(options, { logger: silentLogger });
const server = createServer();
signaling.attach(server);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const talkback = camera.talkback();
await createServiceCabin(
  { liftId: 'cabin', name: 'Cabin' },
  {
    signaling,
    media: {
      video: (signal) => camera.callMedia().video(signal),
      get audio() {
        return camera.callMedia().audio;
      },
    } as ReturnType<typeof camera.callMedia>,
    talkback,
    createClient: createCabinClient,
    logger: silentLogger,
  },
);
process.on('message', () =>
  process.send?.(
    signaling.joinToken({ liftId: 'cabin', role: 'operator', identity: 'operator', name: 'Operator' }),
  ),
);
await new Promise<void>((resolve) => {
  if (camera.health().state === 'online') resolve();
  camera.on('state', ({ state }) => state === 'online' && resolve());
});
process.send?.(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/signal`);
