import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type DeepReadonly, mergeOverrides, parseConfig } from '../../config/index.ts';
import { CabinwatchError, type Logger } from '../../core/index.ts';
import {
  type AlarmReceiver,
  type ReceivedAlarm,
  type RtspSimulator,
  startAlarmReceiver,
  startRtspSimulator,
} from '../../simulator/index.ts';
import { Closers } from '../service/closers.ts';
import { type App, createApp } from '../service/create-app.ts';
import type { Models } from '../service/open-models.ts';
import type { DemoClip } from './clip-truth.ts';
import { playClipControllers } from './play-controllers.ts';

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
  /** Told of every alarm as it arrives. */
  readonly onAlarm?: (alarm: ReceivedAlarm) => void;
}

export interface Demo {
  readonly app: App;
  readonly simulator: RtspSimulator;
  /** Where alarms arrive. */
  readonly receiver: AlarmReceiver;
  /** Where controllers speak; each lift's user name is its id. */
  readonly mqtt: { readonly url: string; readonly password: string };
  /** The wanted port was taken. */
  readonly movedFrom: number | undefined;
  close(): Promise<void>;
}

/**
 * The real service over simulated lifts, one a clip: cameras behind a password and controllers that sign in, like any. Alarms
 * go to a receiver of their own. What is kept is gone with the demo.
 * @throws CabinwatchError MODEL_NOT_BUILT and whatever createApp throws
 */
export async function startDemo(options: DemoOptions, deps: DemoDeps): Promise<Demo> {
  const { clips, loop } = options;
  const { logger } = deps;
  const closers = new Closers(logger);
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'cabinwatch-demo-'));
    closers.add('data', () => rm(dataDir, { recursive: true, force: true }));
    const receiver = await startAlarmReceiver(deps.onAlarm);
    closers.add('alarm receiver', () => receiver.close());
    const password = randomBytes(9).toString('base64url');
    const simulator = await startRtspSimulator({
      cameras: clips.map(({ name, file }) => ({ name, file, user: 'demo', password, loop })),
    });
    closers.add('cameras', () => simulator.close());

    const free = await isFree(options.port);
    const port = free ? options.port : 0;
    const app = await createApp(demoConfig(clips, { simulator, receiver, password, port, dataDir }), deps);
    closers.add('service', () => app.close());
    if (!app.health().detector) {
      throw new CabinwatchError(
        'MODEL_NOT_BUILT',
        'The models cannot be used, so there is nothing to see. Run: npm run demo (it builds them), or npx cabinwatch doctor.',
      );
    }
    const stop = new AbortController();
    const { mqttPort = 0 } = app;
    const speaking = playClipControllers(clips, {
      simulator,
      mqttPort,
      password,
      loop,
      logger,
      signal: stop.signal,
    });
    closers.add('controllers', async () => {
      stop.abort();
      await speaking;
    });
    return {
      app,
      simulator,
      receiver,
      mqtt: { url: `mqtt://127.0.0.1:${mqttPort}`, password },
      movedFrom: free ? undefined : options.port,
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

interface Place {
  readonly simulator: RtspSimulator;
  readonly receiver: AlarmReceiver;
  readonly password: string;
  readonly port: number;
  readonly dataDir: string;
}

/** Defaults throughout, but for the ports: a demo must not get in the way of what runs here already. */
function demoConfig(clips: readonly DemoClip[], place: Place): DeepReadonly<Config> {
  const { simulator, receiver, password, port, dataDir } = place;
  const lifts = clips.map(({ name, doorway, settings }) => ({
    ...settings,
    id: name,
    name,
    camera: { url: simulator.url(name) },
    controller: { password },
    inference: mergeOverrides<object>({ view: { doorway } }, settings.inference),
  }));
  const config = {
    lifts,
    api: { port, open: 'this-machine' },
    media: { rtmpPort: 0, httpPort: 0 },
    controllers: { port: 0 },
    storage: { dataDir },
    calls: { recording: { enabled: true } },
    alarms: { site: 'demo', webhooks: [{ name: 'receiver', url: receiver.url, secrets: [receiver.secret] }] },
  };
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
