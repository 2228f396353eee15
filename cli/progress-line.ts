/** How often a line is written where it can't be overwritten, ms. */
const PLAIN_EVERY_MS = 10_000;
const TERMINAL_EVERY_MS = 100;

export interface ProgressLine {
  /** Shows the text: in place on a terminal, as a new line now and then elsewhere. */
  update(text: string): void;
  /** Writes a line that stays. */
  print(text: string): void;
  clear(): void;
}

/** Progress of long work on standard error, so that standard output stays clean. */
export function createProgressLine(
  stream: { write(text: string): unknown; readonly isTTY?: boolean },
  now: () => number,
): ProgressLine {
  let last = now();
  let shown = false;

  function clear(): void {
    if (shown) stream.write('\r\u001b[2K');
    shown = false;
  }

  return {
    update(text) {
      if (now() - last < (stream.isTTY ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS)) return;
      last = now();
      if (!stream.isTTY) {
        stream.write(`${text}\n`);
        return;
      }
      clear();
      stream.write(text);
      shown = true;
    },
    print(text) {
      clear();
      stream.write(`${text}\n`);
    },
    clear,
  };
}
