import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../core/index.ts';
import { type CameraStatus, type PlayedMessage, playControllers } from '../../simulator/index.ts';
import type { DemoClip } from './clip-truth.ts';

export interface ControllerPlayOptions {
  readonly simulator: { status(name: string): Pick<CameraStatus, 'startedAt'> };
  /** Of the service's own broker. */
  readonly mqttPort: number;
  /** Each lift's user name is its id. */
  readonly password: string;
  readonly loop: boolean;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

const POLL_MS = 50;

/** Each clip's controller speaks over MQTT as its camera plays: in step with the picture, as in the lift. */
export async function playClipControllers(
  clips: readonly DemoClip[],
  options: ControllerPlayOptions,
): Promise<void> {
  // One listener a clip is no leak.
  setMaxListeners(0, options.signal);
  await Promise.all(clips.map((clip) => playOne(clip, options)));
}

async function playOne(clip: DemoClip, options: ControllerPlayOptions): Promise<void> {
  const { simulator, mqttPort, password, signal, logger } = options;
  const { name: liftId } = clip;
  try {
    let { startedAt } = simulator.status(liftId);
    while (startedAt === undefined) {
      await sleep(POLL_MS, undefined, { signal });
      ({ startedAt } = simulator.status(liftId));
    }
    await playControllers(script(clip, startedAt - Date.now(), options.loop), {
      url: `mqtt://127.0.0.1:${mqttPort}`,
      credentials: () => ({ user: liftId, password }),
      signal,
    });
  } catch (error) {
    if (!signal.aborted) logger.error({ liftId, error: String(error) }, 'a simulated controller fell silent');
  }
}

/** @param offsetMs when the clip began, from now */
function* script(
  { name: liftId, controller, duration }: DemoClip,
  offsetMs: number,
  loop: boolean,
): Generator<PlayedMessage> {
  for (let round = 0; round === 0 || loop; round++) {
    const base = offsetMs + round * duration * 1000;
    for (const { message, received } of controller) {
      const ts = { ts: base + Number(message.ts) };
      yield { liftId, atMs: Math.max(0, base + received * 1000), message: { ...message, ...ts } };
    }
  }
}
