import type { Logger } from '../../core/index.ts';

/** What has been started, closed in reverse order; one that fails to close keeps none of the others open. */
export class Closers {
  readonly #list: { readonly name: string; readonly close: () => Promise<void> }[] = [];
  readonly #logger: Logger;
  #closing: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(name: string, close: () => Promise<void>): void {
    this.#list.push({ name, close });
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#list.reverse()) {
      try {
        await close();
      } catch (error) {
        this.#logger.error({ name, err: error }, 'a part of the service did not close cleanly');
      }
    }
  }
}
