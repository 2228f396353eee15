import type { Frame } from '../../core/index.ts';

/**
 * The source's next frame, or undefined when it ends or the signal aborts. A source that hangs cannot hold up whoever
 * waits: a frame it yields after the abort is closed here.
 */
export function nextFrame(frames: AsyncIterator<Frame>, signal: AbortSignal): Promise<Frame | undefined> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    // A listener a call, taken off again: racing against one long-lived promise would leak a reaction a frame.
    const settle = (finish: () => void): void => {
      if (!waiting) return;
      waiting = false;
      signal.removeEventListener('abort', abort);
      finish();
    };
    const abort = (): void => settle(() => resolve(undefined));
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    frames.next().then(
      ({ done, value }) => {
        const frame: Frame | undefined = done ? undefined : value;
        if (!waiting) frame?.close();
        settle(() => resolve(frame));
      },
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
