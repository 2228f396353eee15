import { BoundedQueue, type Frame } from '../../core/index.ts';
import { shareFrame } from './shared-frame.ts';

/** Hands a camera's pictures to whoever reads them, newest first, and holds on to the latest for snapshots. */
export class FrameHub {
  readonly #queues = new Set<BoundedQueue<Frame>>();
  #latest: Frame | undefined;
  #dropped = 0;
  #closed = false;

  /** Pictures that gave way to newer ones because nobody took them in time. */
  get dropped(): number {
    return this.#dropped;
  }

  push(frame: Frame): void {
    const queues = [...this.#queues];
    const [kept, ...rest] = shareFrame(frame, queues.length + 1);
    this.#latest?.close();
    this.#latest = kept;
    queues.forEach((queue, k) => {
      queue.push(rest[k] as Frame);
    });
  }

  /** The latest picture; still the hub's own, so use it before anything else can come. */
  get latest(): Frame | undefined {
    return this.#latest;
  }

  async *frames(signal: AbortSignal, capacity = 2): AsyncGenerator<Frame> {
    if (this.#closed || signal.aborted) return;
    const queue = new BoundedQueue<Frame>({
      capacity,
      onDrop: (frame) => {
        frame.close();
        if (!signal.aborted) this.#dropped++;
      },
    });
    const end = (): void => queue.close('discard');
    signal.addEventListener('abort', end, { once: true });
    this.#queues.add(queue);
    try {
      yield* queue;
    } finally {
      signal.removeEventListener('abort', end);
      this.#queues.delete(queue);
      queue.close('discard');
    }
  }

  close(): void {
    this.#closed = true;
    for (const queue of this.#queues) queue.close('drain');
    this.#latest?.close();
    this.#latest = undefined;
  }
}
