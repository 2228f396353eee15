import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config, type DeepReadonly, parseConfig } from '../../config/index.ts';
import { CabinwatchError, type Logger } from '../../core/index.ts';
import { type RtspSimulator, startRtspSimulator } from '../../simulator/index.ts';
import { type App, createApp } from '../service/create-app.ts';
import type { Models } from '../service/open-models.ts';
import type { DemoClip } from './clip-truth.ts';

export interface DemoOptions {
  readonly clips: readonly DemoClip[];
  /** Where the page is tried first; any free port if that is taken. */
  readonly port: number;
  /** False: each camera is gone after one round. */
  readonly loop: boolean;
}

export interface DemoDeps {
  readonly logger: Logger;
  readonly models?: Models;
}

export interface Demo {
  readonly app: App;
  readonly simulator: RtspSimulator;
  /** The wanted port was taken. */
  readonly movedFrom: number | undefined;
  close(): Promise<void>;
}

/**
 * The real service over simulated cameras, one a clip, behind a password like any camera.
 * @throws CabinwatchError MODEL_NOT_BUILT and whatever createApp throws
 */
export async function startDemo(options: DemoOptions, deps: DemoDeps): Promise<Demo> {
  const password = randomBytes(9).toString('base64url');
  const simulator = await startRtspSimulator({
    cameras: options.clips.map(({ name, file }) => ({
      name,
      file,
      user: 'demo',
      password,
      loop: options.loop,
    })),
  });
  try {
    const free = await isFree(options.port);
    const app = await createApp(demoConfig(options.clips, simulator, free ? options.port : 0), deps);
    const close = async (): Promise<void> => {
      await app.close();
      await simulator.close();
    };
    if (!app.health().detector) {
      await close();
      throw new CabinwatchError(
        'MODEL_NOT_BUILT',
        'The models cannot be used, so there is nothing to see. Run: npm run demo (it builds them), or npx cabinwatch doctor.',
      );
    }
    return { app, simulator, movedFrom: free ? undefined : options.port, close };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

/** Defaults throughout, but for the ports: a demo must not get in the way of what runs here already. */
function demoConfig(
  clips: readonly DemoClip[],
  simulator: RtspSimulator,
  port: number,
): DeepReadonly<Config> {
  const lifts = clips.map(({ name, doorway }) => ({
    id: name,
    name,
    camera: { url: simulator.url(name) },
    inference: { view: { doorway } },
  }));
  const config = { lifts, api: { port, open: 'this-machine' }, media: { rtmpPort: 0, httpPort: 0 } };
  return parseConfig(JSON.stringify(config), 'the demo');
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
