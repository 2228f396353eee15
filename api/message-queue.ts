import type { WallMessage } from './wall.ts';

/** Events waiting for a viewer that does not read; beyond it the viewer is let go and starts afresh. */
const MAX_EVENTS = 1000;

/**
 * What one viewer has still to get. Events and health wait in order, up to a cap; of each camera's scenes only the
 * newest does, and no sooner than `sceneIntervalMs` after the one before.
 */
export class MessageQueue implements AsyncIterable<WallMessage> {
  readonly #sceneIntervalMs: number;
  readonly #now: () => number;
  readonly #lines: WallMessage[] = [];
  readonly #scenes = new Map<string, WallMessage & { type: 'scene' }>();
  readonly #sceneSent = new Map<string, number>();
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(sceneIntervalMs: number, now: () => number) {
    this.#sceneIntervalMs = sceneIntervalMs;
    this.#now = now;
  }

  /** False once this viewer is too far behind. */
  push(message: WallMessage): boolean {
    if (this.#closed) return false;
    if (message.type === 'scene') this.#scenes.set(message.data.cameraId, message);
    else this.#lines.push(message);
    if (this.#lines.length > MAX_EVENTS) this.close();
    this.#wake?.();
    return !this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<WallMessage> {
    while (!this.#closed) {
      const line = this.#lines.shift() ?? this.#dueScene();
      if (line) yield line;
      else await this.#sleep();
    }
  }

  #dueScene(): WallMessage | undefined {
    const now = this.#now();
    for (const [cameraId, message] of this.#scenes) {
      if (now - (this.#sceneSent.get(cameraId) ?? Number.NEGATIVE_INFINITY) < this.#sceneIntervalMs) continue;
      this.#scenes.delete(cameraId);
      this.#sceneSent.set(cameraId, now);
      return message;
    }
    return undefined;
  }

  async #sleep(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#scenes.size > 0) timer = setTimeout(resolve, Math.max(5, this.#sceneIntervalMs / 4));
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}
