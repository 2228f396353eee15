import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '../../core/index.ts';
import { MessageQueue } from '../message-queue.ts';
import type { Wall, WallMessage } from '../wall.ts';
import type { WallMessages } from '../wire.ts';

/** Keeps proxies from closing a quiet connection, and tells the page that the line is alive. */
const KEEP_ALIVE_MS = 5000;

export interface EventRouteDeps {
  readonly wall: Wall;
  readonly clock: Clock;
  readonly sceneIntervalMs: number;
}

/** `GET /api/events`: server-sent events, see WallMessages. */
export function eventRoutes({ wall, clock, sceneIntervalMs }: EventRouteDeps): FastifyPluginAsync {
  return async (api) => {
    const viewers = new Set<MessageQueue>();

    api.get('/api/events', async (_request, reply) => {
      const queue = new MessageQueue(sceneIntervalMs, () => performance.now());
      viewers.add(queue);
      const stop = wall.subscribe((message) => queue.push(message));
      reply.raw.once('close', () => {
        stop();
        queue.close();
        viewers.delete(queue);
      });
      const hello: WallMessages['hello'] = {
        now: clock.now(),
        cameras: wall.cameras(),
        events: wall.events(),
      };
      const text = Readable.from(lines(hello, queue, clock), { objectMode: false, highWaterMark: 64 * 1024 });
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(text);
    });

    api.addHook('preClose', async () => {
      for (const queue of viewers) queue.close();
    });
  };
}

async function* lines(
  hello: WallMessages['hello'],
  queue: MessageQueue,
  clock: Clock,
): AsyncGenerator<string> {
  yield `retry: 1000\n${format('hello', hello)}`;
  const messages = queue[Symbol.asyncIterator]();
  let next = messages.next();
  for (;;) {
    const item = await within(next, KEEP_ALIVE_MS);
    if (item === 'late') {
      yield `event: alive\ndata: ${clock.now()}\n\n`;
      continue;
    }
    if (item.done) return;
    const message: WallMessage = item.value;
    yield format(message.type, message.data);
    next = messages.next();
  }
}

const format = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
