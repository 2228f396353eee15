import type { LiftAdmin, LiftEntry, LiftProblem, LiftSettings } from '../../api/index.ts';
import { checkLift, type DeepReadonly, formatPath, type Lift } from '../../config/index.ts';
import {
  CabinwatchError,
  type Clock,
  type LiftRecord,
  type LiftStore,
  type Logger,
} from '../../core/index.ts';

/** A part of the service that has something for every lift: a camera, a controller, a judge. */
export interface LiftPart {
  /** The lift is new, or its settings have changed. */
  put(lift: DeepReadonly<Lift>): void | Promise<void>;
  remove(liftId: string): void | Promise<void>;
}

export interface LiftRegistryDeps {
  readonly store: LiftStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Known {
  readonly lift: DeepReadonly<Lift>;
  readonly changedAt: number;
}

/**
 * The lifts there are: those of the configuration file, and over them what was set by the API. Hands each change on to the
 * parts of the service in order; what is kept was accepted by all of them.
 */
export class LiftRegistry implements LiftAdmin {
  readonly #deps: LiftRegistryDeps;
  readonly #fromFile: ReadonlySet<string>;
  readonly #known = new Map<string, Known>();
  readonly #parts: LiftPart[] = [];
  /** Whether it is known what was set by the API. */
  #isRead = false;
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(file: readonly DeepReadonly<Lift>[], deps: LiftRegistryDeps) {
    this.#deps = deps;
    this.#fromFile = new Set(file.map(({ id }) => id));
    for (const lift of file) this.#known.set(lift.id, { lift, changedAt: deps.clock.now() });
  }

  /** A store that cannot be read leaves the lifts of the file, until `takeUp`. */
  static async open(file: readonly DeepReadonly<Lift>[], deps: LiftRegistryDeps): Promise<LiftRegistry> {
    const registry = new LiftRegistry(file, deps);
    await registry.takeUp().catch((error) => {
      deps.logger.error(
        { error: String(error) },
        'lifts that were set up by the API cannot be read; those of the file go on',
      );
    });
    return registry;
  }

  /**
   * Reads what was set by the API, where that has not been done, and hands it on to the parts.
   * @throws CabinwatchError STORAGE_UNAVAILABLE
   */
  takeUp(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isRead) return;
      for (const kept of await this.#deps.store.lifts()) await this.#takeUpOne(kept);
      this.#isRead = true;
    });
  }

  async #takeUpOne({ id, settings, changedAt }: LiftRecord): Promise<void> {
    const { value, problems } = checkLift(settings);
    try {
      if (!value) throw new CabinwatchError('CONFIG_INVALID', problems.map((p) => p.message).join('; '));
      await this.#tell(value, this.#known.get(id)?.lift);
      this.#known.set(id, { lift: value, changedAt });
    } catch (error) {
      this.#deps.logger.error(
        { liftId: id, problems, error: String(error) },
        'a lift that was set up earlier cannot be taken up and is left out',
      );
    }
  }

  get lifts(): readonly DeepReadonly<Lift>[] {
    return [...this.#known.values()].map(({ lift }) => lift);
  }

  /** Called with every change from now on; the lifts there are already are the part's own business. */
  join(part: LiftPart): void {
    this.#parts.push(part);
  }

  list(): readonly LiftEntry[] {
    return [...this.#known.values()].map(entryOf);
  }

  get(id: string): LiftEntry | undefined {
    const known = this.#known.get(id);
    return known && entryOf(known);
  }

  check(settings: LiftSettings): readonly LiftProblem[] {
    return checkLift(settings).problems.map(({ path, message }) => ({ path: formatPath(path), message }));
  }

  put(settings: LiftSettings): Promise<LiftEntry> {
    return this.#inTurn(async () => {
      const { value } = checkLift(settings);
      if (!value)
        throw new CabinwatchError(
          'CONFIG_INVALID',
          this.check(settings)
            .map((p) => `${p.path}: ${p.message}`)
            .join('\n'),
        );
      const before = this.#known.get(value.id);
      const known = {
        lift: value,
        changedAt: Math.max(this.#deps.clock.now(), (before?.changedAt ?? 0) + 1),
      };
      await this.#tell(value, before?.lift);
      await this.#deps.store.put({ id: value.id, settings, changedAt: known.changedAt });
      this.#known.set(value.id, known);
      return entryOf(known);
    });
  }

  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#fromFile.has(id)) {
        throw new CabinwatchError(
          'CONFLICT',
          `The lift "${id}" stands in the configuration file and would be back after a restart; take it out there.`,
        );
      }
      if (!this.#known.has(id)) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no lift "${id}".`);
      await this.#deps.store.remove(id);
      this.#known.delete(id);
      for (const part of this.#parts.toReversed()) await part.remove(id);
    });
  }

  /** A part that refuses leaves all of them as they were. */
  async #tell(lift: DeepReadonly<Lift>, before: DeepReadonly<Lift> | undefined): Promise<void> {
    const told: LiftPart[] = [];
    try {
      for (const part of this.#parts) {
        told.push(part);
        await part.put(lift);
      }
    } catch (error) {
      for (const part of told.toReversed()) await (before ? part.put(before) : part.remove(lift.id));
      throw error;
    }
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(change);
    this.#changing = done.catch(() => {});
    return done;
  }
}

function entryOf({ lift, changedAt }: Known): LiftEntry {
  const settings = structuredClone(lift) as unknown as LiftSettings;
  return { id: lift.id, name: lift.name ?? lift.id, group: lift.group, settings, changedAt };
}
