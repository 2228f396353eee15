export interface BoundedQueueOptions<T> {
  readonly capacity: number;
  /** Receives what had to give way to something newer, to count it and free what it holds. */
  readonly onDrop: (item: T) => void;
}

/**
 * A queue between one producer and one consumer, in which the newest wins: a full queue drops its oldest item.
 * Ends when closed and drained; closing with `discard` drops what is left.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #options: BoundedQueueOptions<T>;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(options: BoundedQueueOptions<T>) {
    if (!(options.capacity >= 1))
      throw new RangeError(`capacity must be at least 1, got ${options.capacity}`);
    this.#options = options;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#closed) {
      this.#options.onDrop(item);
      return;
    }
    while (this.#items.length >= this.#options.capacity) this.#options.onDrop(this.#items.shift() as T);
    this.#items.push(item);
    this.#wake?.();
  }

  close(mode: 'drain' | 'discard' = 'drain'): void {
    this.#closed = true;
    if (mode === 'discard') for (const item of this.#items.splice(0)) this.#options.onDrop(item);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift() as T;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
