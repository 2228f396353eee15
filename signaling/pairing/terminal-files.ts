import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Kept = Type.Object({
  id: Type.String(),
  liftId: Type.String(),
  pairedAt: Type.Number(),
  pairedBy: Type.Object({
    kind: Type.Union([Type.Literal('user'), Type.Literal('key'), Type.Literal('service')]),
    id: Type.String(),
    name: Type.String(),
  }),
  /** SHA-256 of the secret, hex; the secret itself is kept nowhere but in the terminal. */
  secretHash: Type.String(),
});
export type KeptTerminal = Static<typeof Kept>;
const validator = Compile(Kept);

/** One small file a lift, whole at any moment. What was read is remembered: nobody else writes there while the service runs. */
export class TerminalFiles {
  readonly #dir: string;
  readonly #read = new Map<string, KeptTerminal>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  async read(liftId: string): Promise<KeptTerminal | undefined> {
    const known = this.#read.get(liftId);
    if (known) return known;
    try {
      const kept: unknown = JSON.parse(await readFile(this.#file(liftId), 'utf8'));
      // A file that was damaged lets nobody in; pairing anew replaces it.
      if (!validator.Check(kept) || kept.liftId !== liftId) return undefined;
      this.#read.set(liftId, kept);
      return kept;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
        return undefined;
      throw error;
    }
  }

  async write(terminal: KeptTerminal): Promise<void> {
    const file = this.#file(terminal.liftId);
    const draft = `${file}.${terminal.id}.part`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(terminal));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    const folder = await open(this.#dir, 'r');
    await folder.sync().finally(() => folder.close());
    this.#read.set(terminal.liftId, terminal);
  }

  async remove(liftId: string): Promise<void> {
    await rm(this.#file(liftId), { force: true });
    this.#read.delete(liftId);
  }

  #file(liftId: string): string {
    // A dot alone is no name of a file.
    return join(this.#dir, `lift-${encodeURIComponent(liftId)}.json`);
  }
}
