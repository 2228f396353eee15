import type { Identity } from './access.ts';
import type { Authenticator } from './authenticator.ts';

interface Watched {
  readonly identity: Identity;
  readonly lost: Set<() => void>;
}

/**
 * Ends what lasts (streams, live pictures) soon after the right to it has gone: the session is over, the key revoked,
 * or role, scopes or groups have changed. One look per session, however many streams it has open.
 */
export class RightsWatch {
  readonly #again: Authenticator['again'];
  readonly #watched = new Map<string, Watched>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> = Promise.resolve();

  constructor(again: Authenticator['again'], everyMs: number) {
    this.#again = again;
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#look());
    }, everyMs);
    this.#timer.unref();
  }

  /** Returns the function that stops watching. `lost` is called at most once. */
  watch(identity: Identity, lost: () => void): () => void {
    const key = JSON.stringify([identity.proof, rightsOf(identity)]);
    const watched = this.#watched.get(key) ?? { identity, lost: new Set() };
    this.#watched.set(key, watched);
    watched.lost.add(lost);
    return () => {
      watched.lost.delete(lost);
      if (watched.lost.size === 0) this.#watched.delete(key);
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    for (const [key, { identity, lost }] of [...this.#watched]) {
      // While the accounts can't be read, whoever was let in stays: an operator must not lose the picture with the database.
      const now = await this.#again(identity.proof).catch(() => identity);
      if (now && rightsOf(now) === rightsOf(identity)) continue;
      this.#watched.delete(key);
      for (const tell of [...lost]) tell();
    }
  }
}

const rightsOf = ({ role, scopes, groups }: Identity): string => JSON.stringify([role, scopes, groups]);
