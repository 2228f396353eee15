import { setTimeout as sleep } from 'node:timers/promises';
import type { ControllerMessage } from '../../core/index.ts';

/** One message and when it is to arrive, ms from the start. */
export interface PlayedMessage {
  readonly liftId: string;
  readonly atMs: number;
  readonly message: ControllerMessage;
}

export interface PlayOptions {
  /** `mqtt://HOST:PORT`, the service's broker or another. */
  readonly url: string;
  /** A lift's user name and password; lifts of one user share its connection. */
  readonly credentials: (liftId: string) => { readonly user: string; readonly password: string };
  /** How many times faster than real time; 1 is real time. Times in the messages are then compressed too. */
  readonly speed?: number;
  /** Where a lift's messages go. Default `cabinwatch/LIFT/state`. */
  readonly topic?: (liftId: string) => string;
  readonly signal?: AbortSignal;
}

export interface Played {
  readonly messages: number;
  /** How much later than planned the latest message left, ms: more than a few says that the machine is too slow. */
  readonly latestByMs: number;
}

/**
 * Plays messages to an MQTT broker, each at its time, from as many connections as there are users. Messages must come in
 * order of `atMs`. Their `ts` is set to the time of the machine, so that they are of now.
 */
export async function playControllers(
  messages: Iterable<PlayedMessage>,
  options: PlayOptions,
): Promise<Played> {
  const { url, credentials, speed = 1, topic = (id) => `cabinwatch/${id}/state`, signal } = options;
  const { connectAsync } = await import('mqtt');
  const connections = new Map<string, ReturnType<typeof connectAsync>>();
  const connectionOf = (liftId: string): ReturnType<typeof connectAsync> => {
    const { user, password } = credentials(liftId);
    const known = connections.get(user);
    if (known) return known;
    // The gateway's own last will: what hangs on it is silent when it goes without a word.
    const will = {
      topic: `cabinwatch/${liftId}/status`,
      payload: Buffer.from('offline'),
      qos: 1 as const,
      retain: false,
    };
    const opened = connectAsync(url, { username: user, password, will });
    connections.set(user, opened);
    return opened;
  };

  let count = 0;
  let latestByMs = 0;
  const started = Date.now();
  try {
    for (const { liftId, atMs, message } of messages) {
      const due = started + atMs / speed;
      if (due > Date.now()) await sleep(due - Date.now(), undefined, { signal }).catch(() => {});
      if (signal?.aborted) break;
      const client = await connectionOf(liftId);
      const ts = typeof message.ts === 'number' ? { ts: Math.round(started + message.ts / speed) } : {};
      latestByMs = Math.max(latestByMs, Date.now() - due);
      // Awaited, so that a broker that is away slows the player down rather than filling its memory.
      await client.publishAsync(topic(liftId), JSON.stringify({ ...message, ...ts }), { qos: 1 });
      count++;
    }
  } finally {
    await Promise.all([...connections.values()].map(async (opened) => (await opened).endAsync()));
  }
  return { messages: count, latestByMs };
}
