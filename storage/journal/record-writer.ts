import {
  CabinwatchError,
  type Clock,
  Emitter,
  type Logger,
  type RecordedChange,
  type StorageHealth,
  type StorageState,
} from '../../core/index.ts';
import { isRefusal } from '../database/storage-error.ts';
import type { Committed } from './commit-works.ts';
import type { Journal } from './journal.ts';
import { fromLine, toLine, type Work } from './work.ts';

export interface RecordWriterDeps {
  /** Writes to the database in one transaction, each work once however often it is given. */
  readonly commit: (works: readonly Work[]) => Promise<Committed>;
  /** Whether the database answers, tables and all; throws what is wrong. */
  readonly probe: () => Promise<void>;
  readonly journal: Journal;
  /** Where lines go that no database can hold, to be looked at by people. */
  readonly refused: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type WriterHealth = Omit<StorageHealth, 'mediaRemovedEarly'>;

export interface RecordWriterEvents {
  readonly state: WriterHealth;
  /** Changes that are now in the database, in the order of their numbers, late ones from the journal too. */
  readonly recorded: readonly RecordedChange[];
}

interface Waiting {
  readonly work: Work;
  readonly resolve: (recorded: RecordedChange | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const BATCH = 200;
const RETRY_MS = 1000;
const PROBE_MS = 5000;

/**
 * The one way in for what must not be lost. Works are written together, in order. While the database does not take them they
 * go to the journal, and once there is anything in it everything does, so that the order holds; it is emptied into the
 * database from the front. What the journal cannot take either waits in memory, and is tried again.
 */
export class RecordWriter {
  readonly #deps: RecordWriterDeps;
  readonly #events: Emitter<RecordWriterEvents>;
  readonly #waiting: Waiting[] = [];
  /** Whether works go straight to the database. Not at first: what a former run has left goes before. */
  #direct = false;
  #state: StorageState = 'ok';
  #since: number;
  #reason: string | undefined;
  /** How far the journal has been emptied, bytes and lines. */
  #drained = { bytes: 0, lines: 0 };
  #busy: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> | undefined;
  #pumping = false;
  #closed = false;

  constructor(deps: RecordWriterDeps) {
    this.#deps = deps;
    this.#since = deps.clock.now();
    this.#events = new Emitter((error) => deps.logger.error({ error: String(error) }, 'a listener failed'));
  }

  on<K extends keyof RecordWriterEvents>(
    event: K,
    listener: (payload: RecordWriterEvents[K]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  health(): WriterHealth {
    return {
      state: this.#state,
      since: this.#since,
      journalled: this.#deps.journal.lines - this.#drained.lines,
      unsecured: this.#state === 'unsecured' ? this.#waiting.length : 0,
      reason: this.#reason,
    };
  }

  /** Tries to empty what a former run has left; resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    this.#checking = this.#drain();
    await this.#checking;
  }

  /**
   * Resolves once all works are secured: with what is in the database, undefined for what is still on its way there.
   * @throws the database's refusal of a work, after the others have been written
   */
  submit(works: readonly Work[]): Promise<(RecordedChange | undefined)[]> {
    if (this.#closed) return Promise.reject(new CabinwatchError('CLOSED', 'The storage has been closed.'));
    const secured = works.map(
      (work) =>
        new Promise<RecordedChange | undefined>((resolve, reject) => {
          this.#waiting.push({ work, resolve, reject });
        }),
    );
    void this.#pump();
    return Promise.all(secured);
  }

  /** Waits for what is under way; what is only in memory goes to the database or the journal in a last attempt. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#checking;
    await this.#exclusively(async () => {});
    await this.#pump();
    const error = new CabinwatchError(
      'STORAGE_UNAVAILABLE',
      'Closed before the record could be written anywhere.',
    );
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    await Promise.all([this.#deps.journal.close(), this.#deps.refused.close()]);
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    await this.#exclusively(async () => {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting.slice(0, BATCH);
        const secured = (this.#direct && (await this.#toDatabase(batch))) || (await this.#toJournal(batch));
        if (!secured) break;
        this.#waiting.splice(0, batch.length);
      }
      this.#pumping = false;
    });
  }

  /** False when the database is away. */
  async #toDatabase(batch: readonly Waiting[]): Promise<boolean> {
    try {
      const recorded = await this.#commit(batch.map(({ work }) => work));
      batch.forEach(({ resolve, reject }, i) => {
        const result = recorded[i];
        if (result instanceof Error) reject(result);
        else resolve(result);
      });
      return true;
    } catch (error) {
      this.#direct = false;
      // Held works are tried here again and again; whether they are secured is for the journal to say.
      if (this.#state === 'ok') this.#tell('journalling', error);
      this.#again(RETRY_MS);
      return false;
    }
  }

  async #toJournal(batch: readonly Waiting[]): Promise<boolean> {
    try {
      await this.#deps.journal.append(batch.map(({ work }) => toLine(work)));
      for (const { resolve } of batch) resolve(undefined);
      if (this.#state === 'unsecured') this.#tell('journalling', this.#reason);
      return true;
    } catch (error) {
      this.#tell('unsecured', error);
      this.#again(RETRY_MS);
      return false;
    }
  }

  /** One result a work: what was recorded, undefined for what is no change, an error for what was refused. */
  async #commit(works: readonly Work[]): Promise<(RecordedChange | Error | undefined)[]> {
    try {
      const { recorded, fresh } = await this.#deps.commit(works);
      if (fresh.length > 0) this.#events.emit('recorded', fresh);
      let next = 0;
      return works.map((work) => (work.kind === 'change' ? recorded[next++] : undefined));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (works.length === 1) return [refusal(error)];
      // One of them spoils the rest: each by itself.
      const results: (RecordedChange | Error | undefined)[] = [];
      for (const work of works) results.push(...(await this.#commit([work])));
      return results;
    }
  }

  /** Empties the journal into the database, and lets works go straight there once nothing is left in it. */
  async #drain(): Promise<void> {
    const { journal, probe } = this.#deps;
    try {
      await probe();
      while (!this.#closed && this.#drained.bytes < journal.size) await this.#replayNext();
      // The rest while nothing is added to it.
      await this.#exclusively(async () => {
        while (!this.#closed && this.#drained.bytes < journal.size) await this.#replayNext();
        if (this.#closed) return;
        await journal.clear();
        this.#drained = { bytes: 0, lines: 0 };
        this.#direct = true;
      });
      await this.#pump();
      if (this.#direct) this.#tell('ok');
      this.#again(this.#direct ? PROBE_MS : RETRY_MS);
    } catch (error) {
      // The journal may fail as well: its lines stay what they are, and are read again.
      this.#tell(this.#state === 'unsecured' ? 'unsecured' : 'journalling', error);
      this.#again(RETRY_MS);
    }
  }

  async #replayNext(): Promise<void> {
    const { lines, end } = await this.#deps.journal.read(this.#drained.bytes);
    await this.#replay(lines);
    this.#drained = { bytes: end, lines: this.#drained.lines + lines.length };
  }

  async #replay(lines: readonly string[]): Promise<void> {
    for (let at = 0; at < lines.length; at += BATCH) {
      const batch = lines.slice(at, at + BATCH);
      const works = batch.map(fromLine);
      const whole = works.filter((work) => work !== undefined);
      const results = await this.#commit(whole);
      const spoiled = batch.filter((_, i) => works[i] === undefined);
      const refused = whole.filter((_, i) => results[i] instanceof Error).map(toLine);
      if (spoiled.length + refused.length === 0) continue;
      await this.#deps.refused.append([...spoiled, ...refused]);
      this.#deps.logger.error(
        { damaged: spoiled.length, refused: refused.length },
        'journal lines that the database cannot hold were set aside in refused.jsonl',
      );
    }
  }

  /** While works go straight to the database, whether it still answers; otherwise whether it does again. */
  async #check(): Promise<void> {
    if (this.#waiting.length > 0) await this.#pump();
    if (!this.#direct) return this.#drain();
    try {
      await this.#deps.probe();
      this.#again(PROBE_MS);
    } catch (error) {
      this.#direct = false;
      this.#tell('journalling', error);
      this.#again(RETRY_MS);
    }
  }

  #again(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#checking = this.#check();
    }, ms);
    this.#timer.unref();
  }

  #tell(state: StorageState, cause?: unknown): void {
    const { clock, logger } = this.#deps;
    this.#reason = state === 'ok' ? undefined : cause instanceof Error ? cause.message : String(cause);
    if (state === this.#state) return;
    this.#state = state;
    this.#since = clock.now();
    const log = state === 'ok' ? logger.info : logger.error;
    log.call(logger, { state, reason: this.#reason }, 'the state of the storage has changed');
    this.#events.emit('state', this.health());
  }

  #exclusively(task: () => Promise<void>): Promise<void> {
    const done = this.#busy.then(task);
    this.#busy = done.catch(() => {});
    return done;
  }
}

function refusal(cause: unknown): CabinwatchError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new CabinwatchError('INPUT_INVALID', `The database cannot hold this record: ${detail}`, { cause });
}
