import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Identity } from '../auth/access.ts';
import type { RightsWatch } from '../auth/rights-watch.ts';
import { formatEvent, sendEvents, within } from '../event-stream.ts';
import { MessageQueue } from '../message-queue.ts';
import { whoAsks } from '../request.ts';
import type { Sight } from '../sight.ts';
import type { Wall, WallMessage } from '../wall.ts';
import type { WallMessages } from '../wire.ts';

/** Keeps proxies from closing a quiet connection, and tells the page that the line is alive. */
const KEEP_ALIVE_MS = 5000;

export interface EventRouteDeps {
  readonly wall: Wall;
  readonly sight: Sight;
  readonly rights: RightsWatch;
  readonly clock: Clock;
  readonly sceneIntervalMs: number;
}

/** `GET /api/events`: server-sent events, see WallMessages. */
export function eventRoutes(deps: EventRouteDeps): FastifyPluginAsyncTypebox {
  const { wall, sight, rights, clock, sceneIntervalMs } = deps;
  return async (api) => {
    const viewers = new Set<MessageQueue>();
    const schema = {
      summary: 'What the watch page shows, as it changes (server-sent events)',
      description:
        '`hello` with everything, then `camera`, `scene` and `event` as they happen, `service` with the parts that work when ' +
        'that changes, and `alive` when it is quiet.',
      tags: ['cameras'],
      produces: ['text/event-stream'],
      response: { 200: Type.String({ description: 'Server-sent events.' }) },
    };
    const access = { role: 'viewer', scope: 'lifts:read' } as const;
    api.get('/api/events', { ...about(access, schema), exposeHeadRoute: false }, async (request, reply) => {
      const identity = whoAsks(request);
      const queue = new MessageQueue(sceneIntervalMs, () => performance.now());
      viewers.add(queue);
      const unwatch = rights.watch(identity, () => queue.close());
      const sees = seesCamera(wall, sight, identity);
      const stop = wall.subscribe((message) => {
        // A lift that is gone can no longer be looked up; that it is gone tells nothing of it.
        if (message.type === 'removed' || sees(cameraOf(message))) queue.push(message);
      });
      reply.raw.once('close', () => {
        stop();
        unwatch();
        queue.close();
        viewers.delete(queue);
      });
      const hello: WallMessages['hello'] = {
        now: clock.now(),
        cameras: wall.cameras().filter(({ id }) => sees(id)),
        events: wall.events().filter(({ cameraId }) => sees(cameraId)),
      };
      return sendEvents(reply, lines({ hello, queue, clock, wall }));
    });

    api.addHook('preClose', async () => {
      for (const queue of viewers) queue.close();
    });
  };
}

/** Whether somebody sees the lift that a camera is in; a camera that is gone by now belongs to nobody. */
function seesCamera(wall: Wall, sight: Sight, identity: Identity): (cameraId: string) => boolean {
  if (identity.groups === undefined) return () => true;
  return (cameraId) => {
    const camera = wall.cameras().find(({ id }) => id === cameraId);
    return camera !== undefined && sight.sees(identity, camera.liftId);
  };
}

function cameraOf(message: WallMessage): string {
  return message.type === 'camera' ? message.data.id : message.data.cameraId;
}

interface Stream {
  readonly hello: WallMessages['hello'];
  readonly queue: MessageQueue;
  readonly clock: Clock;
  readonly wall: Pick<Wall, 'health'>;
}

async function* lines({ hello, queue, clock, wall }: Stream): AsyncGenerator<string> {
  let known = '';
  /** Asked whenever something is said, so every few seconds at least. */
  const news = (): string => {
    const parts = wall.health();
    const now = JSON.stringify(parts);
    if (now === known) return '';
    known = now;
    return formatEvent('service', parts);
  };
  yield `retry: 1000\n${formatEvent('hello', hello)}${news()}`;
  const messages = queue[Symbol.asyncIterator]();
  let next = messages.next();
  for (;;) {
    const item = await within(next, KEEP_ALIVE_MS);
    if (item === 'late') {
      yield `event: alive\ndata: ${clock.now()}\n\n${news()}`;
      continue;
    }
    if (item.done) return;
    const message: WallMessage = item.value;
    yield `${formatEvent(message.type, message.data)}${news()}`;
    next = messages.next();
  }
}
