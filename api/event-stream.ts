import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Bytes that may wait for a slow reader before its source is no longer asked. */
const BUFFER = 64 * 1024;

/** Sends text as server-sent events, and never through a cache or a proxy's buffer. */
export function sendEvents(reply: FastifyReply, text: AsyncIterable<string>): FastifyReply {
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(text, { objectMode: false, highWaterMark: BUFFER }));
}

/** One reader of a stream. */
export interface OpenStream {
  /** Aborts when the reader is gone, the service closes, or `end` is called. */
  readonly signal: AbortSignal;
  /** The reader has asked for more. */
  read(): void;
  end(): void;
}

/**
 * The readers of a route, who are shown out when the service closes. Whoever takes nothing for `slowReaderMs` is let go: they
 * can come back.
 */
export function openStreams(
  api: Pick<FastifyInstance, 'addHook'>,
  slowReaderMs: number,
): (reply: FastifyReply) => OpenStream {
  const open = new Set<AbortController>();
  api.addHook('preClose', async () => {
    for (const stream of open) stream.abort();
  });
  return (reply) => {
    const stop = new AbortController();
    let readAt = performance.now();
    const slow = setInterval(() => {
      if (performance.now() - readAt > slowReaderMs) reply.raw.destroy();
    }, slowReaderMs / 4);
    open.add(stop);
    reply.raw.once('close', () => {
      clearInterval(slow);
      open.delete(stop);
      stop.abort();
    });
    return {
      signal: stop.signal,
      read() {
        readAt = performance.now();
      },
      end: () => stop.abort(),
    };
  };
}

export const formatEvent = (event: string, data: unknown, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** What the promise gives, or `late` if that takes longer. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
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
