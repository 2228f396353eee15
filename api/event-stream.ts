import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

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
