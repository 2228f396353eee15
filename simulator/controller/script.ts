import type { ControllerMessage } from '../../core/index.ts';
import type { PlayedMessage } from './play.ts';
import type { TrafficItem } from './traffic.ts';

/** A controller.jsonl file (`t` and `received` in seconds from its start) as messages of one lift, to be played. */
export function messagesOfFile(text: string, liftId: string): PlayedMessage[] {
  const messages = text.split(/\r?\n/).flatMap((line) => {
    if (line.trim() === '') return [];
    const {
      t,
      received = t,
      ...said
    } = JSON.parse(line) as ControllerMessage & { t: number; received?: number };
    return [{ liftId, atMs: received * 1000, message: { ...said, ts: Math.round(t * 1000) } }];
  });
  return messages.sort((a, b) => a.atMs - b.atMs);
}

/** Generated traffic, to be played; what the cameras would see is left out. */
export function* messagesOfTraffic(
  traffic: Iterable<TrafficItem>,
  startAt: number,
): Generator<PlayedMessage> {
  for (const item of traffic) {
    if (item.kind !== 'message') continue;
    const ts = (item.message.ts as number) - startAt;
    yield { liftId: item.liftId, atMs: item.receivedAt - startAt, message: { ...item.message, ts } };
  }
}
