import type { AccountStore, Clock, Session, User } from '../../core/index.ts';
import { newSecret, secretHash } from './secrets.ts';

export interface SessionOptions {
  /** Unused for so long, it ends; ms. */
  readonly idleMs: number;
  /** It ends then at the latest; ms. */
  readonly longestMs: number;
}

/** Use is written down no more often than this: every picture a page asks for is a use. */
const TOUCH_MS = 30_000;

/** People's sessions: who holds the secret is signed in, until it is too long unused, too old, or taken back. */
export class Sessions {
  readonly #options: SessionOptions;
  readonly #store: AccountStore;
  readonly #clock: Clock;

  constructor(options: SessionOptions, deps: { readonly store: AccountStore; readonly clock: Clock }) {
    this.#options = options;
    this.#store = deps.store;
    this.#clock = deps.clock;
  }

  /** A secret of its own for every sign-in: one that somebody planted before is worth nothing. */
  async open(userId: string): Promise<string> {
    const now = this.#clock.now();
    const secret = newSecret();
    const expiresAt = now + this.#options.longestMs;
    await this.#store.putSession({
      idHash: secretHash(secret),
      userId,
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
    });
    return secret;
  }

  /** Whose session it is, while it holds. Looking counts as use. */
  async userOf(hash: string): Promise<User | undefined> {
    const session = await this.#store.session(hash);
    if (!session) return undefined;
    const now = this.#clock.now();
    if (!this.#holds(session, now)) {
      await this.#store.removeSession(hash);
      return undefined;
    }
    const user = await this.#store.userById(session.userId);
    if (!user || user.disabled) return undefined;
    if (now - session.lastUsedAt >= Math.min(TOUCH_MS, this.#options.idleMs / 2)) {
      await this.#store.touchSession(hash, now);
    }
    return user;
  }

  close(hash: string): Promise<void> {
    return this.#store.removeSession(hash);
  }

  #holds({ lastUsedAt, expiresAt }: Session, now: number): boolean {
    return now < expiresAt && now - lastUsedAt < this.#options.idleMs;
  }
}
