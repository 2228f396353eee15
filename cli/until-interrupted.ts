/** Set by a second Ctrl-C: whoever presses it twice wants out now. */
const IMPATIENT_EXIT = 130;

/**
 * Runs `work` until it ends or the first Ctrl-C or SIGTERM aborts its signal; an end after that is a clean one. A second
 * one ends the process at once.
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(IMPATIENT_EXIT);
    stop.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
