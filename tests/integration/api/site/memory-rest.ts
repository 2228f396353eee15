import { Readable } from 'node:stream';
import type { LiftAdmin, LiftEntry, LiftProblem, LiftSettings, ServicePorts } from '../../../../api/index.ts';
import {
  type AuditEntry,
  type AuditInput,
  type AuditLog,
  CAR_FIELDS,
  CabinwatchError,
  type CarState,
  type DeadLetter,
  type MaintenanceStore,
  type MaintenanceWindow,
  type MediaItem,
  type RecordingFilter,
} from '../../../../core/index.ts';

/** The other ports, as far as tests of the API need them. */

export class MemoryAudit implements AuditLog {
  readonly all: AuditEntry[] = [];

  async append(input: AuditInput): Promise<void> {
    this.all.push({ ...input, seq: this.all.length + 1, hash: 'h', previous: 'p' });
  }

  async head(): Promise<{ seq: number; hash: string }> {
    return { seq: this.all.length, hash: 'h' };
  }

  async entries(after: number, limit: number): Promise<AuditEntry[]> {
    return this.all.slice(after, after + limit);
  }
}

export class MemoryLifts implements LiftAdmin {
  readonly #lifts = new Map<string, LiftEntry>();
  #changes = 0;

  list(): LiftEntry[] {
    return [...this.#lifts.values()];
  }

  get(id: string): LiftEntry | undefined {
    return this.#lifts.get(id);
  }

  check({ camera, name }: LiftSettings): LiftProblem[] {
    const { url, fps } = (camera ?? {}) as { readonly url?: unknown; readonly fps?: unknown };
    const problems: LiftProblem[] = [];
    if (typeof url !== 'string')
      problems.push({ path: 'camera.url', message: 'expected an address, found none' });
    if (fps !== undefined && typeof fps !== 'number') {
      problems.push({ path: 'camera.fps', message: 'expected a number, found something else' });
    }
    if (name !== undefined && typeof name !== 'string') {
      problems.push({ path: 'name', message: 'expected a text, found something else' });
    }
    return problems;
  }

  async put(settings: LiftSettings): Promise<LiftEntry> {
    const {
      id,
      name = id,
      group,
    } = settings as LiftSettings & { readonly name?: string; readonly group?: string };
    const entry: LiftEntry = { id, name, group, settings, changedAt: ++this.#changes };
    this.#lifts.set(id, entry);
    return entry;
  }

  async remove(id: string): Promise<void> {
    this.#lifts.delete(id);
  }
}

export class MemoryMaintenance implements MaintenanceStore {
  readonly #windows = new Map<string, MaintenanceWindow>();

  async windows(now: number): Promise<MaintenanceWindow[]> {
    return [...this.#windows.values()].filter(({ until }) => until > now);
  }

  async put(window: MaintenanceWindow): Promise<void> {
    this.#windows.set(window.id, window);
  }

  async end(id: string, at: number): Promise<void> {
    const window = this.#windows.get(id);
    if (window) this.#windows.set(id, { ...window, until: at });
  }
}

export class MemoryOutbox implements NonNullable<ServicePorts['outbox']> {
  dead: DeadLetter[] = [];

  async backlog() {
    return [{ sink: 'webhook', waiting: 0, oldestAt: undefined, dead: this.dead.length }];
  }

  async deadLetters(limit: number): Promise<DeadLetter[]> {
    return this.dead.slice(0, limit);
  }

  async replay(ids: readonly number[]): Promise<number> {
    const before = this.dead.length;
    this.dead = this.dead.filter(({ id }) => !ids.includes(id));
    return before - this.dead.length;
  }
}

export class MemoryMedia implements NonNullable<ServicePorts['mediaFiles']> {
  readonly #files = new Map<string, { item: MediaItem; content: Uint8Array }>();

  add(item: Omit<MediaItem, 'bytes'>, content: Uint8Array): void {
    this.#files.set(item.id, { item: { ...item, bytes: content.byteLength }, content });
  }

  async list(incidentId: string): Promise<MediaItem[]> {
    return [...this.#files.values()].map(({ item }) => item).filter((item) => item.incidentId === incidentId);
  }

  async item(id: string): Promise<MediaItem | undefined> {
    return this.#files.get(id)?.item;
  }

  async read(id: string): Promise<Uint8Array> {
    const file = this.#files.get(id);
    if (!file) throw new CabinwatchError('MEDIA_UNAVAILABLE');
    return file.content;
  }

  async recordings({
    liftIds,
    before = Number.POSITIVE_INFINITY,
    limit,
  }: RecordingFilter): Promise<MediaItem[]> {
    return [...this.#files.values()]
      .map(({ item }) => item)
      .filter(({ kind, liftId }) => kind === 'recording' && (liftIds?.includes(liftId) ?? true))
      .filter(({ takenAt }) => takenAt < before)
      .sort((a, b) => b.takenAt - a.takenAt)
      .slice(0, limit);
  }

  async stream(id: string, first: number, last: number): Promise<Readable> {
    return Readable.from([Buffer.from(await this.read(id)).subarray(first, last + 1)]);
  }
}

/** A lift whose controller has never been heard. */
export function silentCar(liftId: string): CarState {
  const unknown = { value: undefined, since: undefined, heardAt: undefined };
  const fields = Object.fromEntries(CAR_FIELDS.map((field) => [field, unknown]));
  return { liftId, ts: 5000, link: 'never', linkSince: undefined, ...fields } as unknown as CarState;
}
