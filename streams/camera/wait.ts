/** Resolves after `ms`, when the signal aborts or when `wake` is called, whichever is first. Never rejects. */
export function wait(
  ms: number,
  signal: AbortSignal,
  onWake?: (wake: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      forget?.();
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
    const forget = onWake?.(finish);
  });
}
