import { createHash, timingSafeEqual } from 'node:crypto';
import { checkPlayToken } from './tokens.ts';

export type PublisherKind = 'camera' | 'service';

export interface GateOptions {
  readonly secret: string;
  /** Lets the service itself read what cameras push; it is not counted as a viewer. */
  readonly readerKey: string;
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface PlayVerdict {
  readonly allowed: boolean;
  readonly status: 200 | 401 | 404;
  readonly reason: string;
  /** False for the service's own reading. */
  readonly viewer: boolean;
}

/** Camera ids and nothing else: they become parts of paths. */
export const CAMERA_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** The one application name streams are published and played under. */
export const APPLICATION = 'live';

/** Who may publish and play what. Holds keys only as hashes; decides without any I/O. */
export class Gate {
  readonly #options: GateOptions;
  readonly #publishers = new Map<string, { hash: Buffer; kind: PublisherKind }[]>();
  readonly #cameras = new Set<string>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  addCamera(cameraId: string): void {
    this.#cameras.add(cameraId);
  }

  removeCamera(cameraId: string): void {
    this.#cameras.delete(cameraId);
    this.#publishers.delete(cameraId);
  }

  allowPublisher(cameraId: string, key: string, kind: PublisherKind): void {
    const list = this.#publishers.get(cameraId) ?? [];
    this.#publishers.set(cameraId, [...list, { hash: hashOf(key), kind }]);
  }

  revokePublisher(cameraId: string, key: string): void {
    const hash = hashOf(key);
    const rest = (this.#publishers.get(cameraId) ?? []).filter((p) => !p.hash.equals(hash));
    this.#publishers.set(cameraId, rest);
  }

  /** @returns whose key it is; undefined: refused */
  publish(application: string, cameraId: string, query: Query): PublisherKind | undefined {
    if (application !== APPLICATION) return undefined;
    const hash = hashOf(single(query.key));
    return this.#publishers.get(cameraId)?.find((p) => timingSafeEqual(p.hash, hash))?.kind;
  }

  play(application: string, cameraId: string, query: Query, now: number): PlayVerdict {
    const no = (status: 401 | 404, reason: string): PlayVerdict => ({
      allowed: false,
      status,
      reason,
      viewer: false,
    });
    if (application !== APPLICATION) return no(404, 'there is no such stream');
    const reader = single(query.reader);
    if (reader && timingSafeEqual(hashOf(reader), hashOf(this.#options.readerKey))) {
      return { allowed: true, status: 200, reason: '', viewer: false };
    }
    // The token first: who has none learns nothing about which cameras there are.
    const verdict = checkPlayToken(this.#options.secret, cameraId, single(query.token), now);
    if (verdict === 'expired') return no(401, 'the play token has expired');
    if (verdict === 'wrong') return no(401, 'the play token is missing or wrong');
    if (!this.#cameras.has(cameraId)) return no(404, 'there is no such camera');
    return { allowed: true, status: 200, reason: '', viewer: true };
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function single(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
