import stringWidth from 'string-width';

interface Terminal {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

/** Lines at the foot of a terminal that are written over, with others that stay running up above them. */
export class LiveBlock {
  readonly #terminal: Terminal;
  #height = 0;
  #lines: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(lines: readonly string[]): void {
    this.#lines = lines;
    this.#write('');
  }

  /** A line that stays. */
  print(line: string): void {
    this.#write(`${line}\n`);
  }

  /** Leaves the block as it stands; what comes next is written below it. */
  end(): void {
    this.#height = 0;
    this.#lines = [];
  }

  #write(above: string): void {
    const { columns = 80, rows = 24 } = this.#terminal;
    // What scrolls out of sight cannot be written over, so a tall block is cut.
    const room = Math.max(1, rows - 2);
    const cut = this.#lines.length > room;
    const shown = (
      cut ? [...this.#lines.slice(0, room - 1), `… +${this.#lines.length - room + 1}`] : this.#lines
    ).map((line) => shorten(line, columns - 1));
    const back = this.#height > 0 ? `\u001b[${this.#height}A` : '';
    this.#height = shown.length;
    this.#terminal.write(`${back}\r\u001b[J${above}${shown.map((line) => `${line}\n`).join('')}`);
  }
}

/** Cuts a line to so many places, colours untouched. */
function shorten(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  let out = '';
  let width = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  for (const part of line.match(/\u001b\[\d+m|./gu) ?? []) {
    width += stringWidth(part);
    if (width > columns - 1 && !part.startsWith('\u001b')) break;
    out += part;
  }
  return `${out}…\u001b[39m`;
}
