import { CabinwatchError, type Clock } from '../../core/index.ts';
import type { ClipRing, RingCut, RingPart } from './clip-ring.ts';
import { writeMp4 } from './remux.ts';

export interface ClipRequest {
  /** The moment the clip is about, epoch ms. */
  readonly at: number;
  /** Default 5000. */
  readonly beforeMs?: number;
  /** Default 10000. */
  readonly afterMs?: number;
  /** Where the MP4 goes; it appears there when it is complete. */
  readonly path: string;
  readonly signal?: AbortSignal;
}

export interface Clip {
  readonly path: string;
  /** What the clip shows, epoch ms; it begins with the key frame before the time asked for. */
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  /** False when part of the time asked for is missing: the camera was away, or the ring too short. */
  readonly complete: boolean;
}

/** A camera that stops must not leave a clip waiting. */
const LATE_MS = 2000;
/** As large as any clip may get before it is cut short, bytes. */
const MAX_BYTES = 256 * 1024 * 1024;
/** What may be missing at either end of a complete clip, ms. */
const SLACK_MS = 1000;

/**
 * Makes an MP4 of a camera's stream around a moment, from what the ring holds and what is still to come. It holds
 * one connection's pictures: when the camera was lost in between, those before.
 * @throws CabinwatchError MEDIA_UNAVAILABLE when there is nothing of that time
 */
export async function makeClip(request: ClipRequest, ring: ClipRing, clock: Clock): Promise<Clip> {
  const from = request.at - (request.beforeMs ?? 5000);
  const to = request.at + (request.afterMs ?? 10_000);
  const cut = await collect(ring, clock, from, to, request.signal);
  request.signal?.throwIfAborted();
  const last = cut?.parts.at(-1)?.at;
  if (!cut || last === undefined) {
    throw new CabinwatchError(
      'MEDIA_UNAVAILABLE',
      'There are no pictures of that time: the camera was away, or it is too long ago.',
    );
  }
  const bytes = await writeMp4(cut.parts, request.path, cut.startedAt);
  const complete = cut.startedAt <= from + SLACK_MS && last >= to - SLACK_MS;
  return { path: request.path, from: cut.startedAt, to: last, bytes, complete };
}

/** Takes hold of what there is and gathers the rest; the ring may let go of its own in the meantime. */
async function collect(
  ring: ClipRing,
  clock: Clock,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<RingCut | undefined> {
  const past = ring.cut(from, Math.min(to, clock.now()));
  if (clock.now() >= to) return past;
  const parts: RingPart[] = past ? [...past.parts] : [];
  let connection = past?.connection;
  let startedAt = past?.startedAt ?? 0;
  let bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unfollow();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, to - clock.now() + LATE_MS);
    const unfollow = ring.follow((part) => {
      if (connection === undefined && part.key) {
        // Nothing of the past: the clip begins with the first key frame.
        connection = part.connection;
        startedAt = part.at;
        parts.push({ bytes: part.header, at: part.at });
      }
      if (part.connection !== connection) {
        if (connection !== undefined) finish();
        return;
      }
      if (part.at > to || bytes > MAX_BYTES) return finish();
      bytes += part.bytes.length;
      parts.push(part);
    });
    signal?.addEventListener('abort', finish, { once: true });
    if (signal?.aborted) finish();
  });
  return connection === undefined ? undefined : { connection, startedAt, picturesAtEnd: 0, parts };
}
