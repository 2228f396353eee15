import type { Readable } from 'node:stream';
import type { AlarmMessage } from './alarm.ts';
import type { TimelineEntry } from './car.ts';
import type {
  Actor,
  Incident,
  IncidentChange,
  IncidentKind,
  IncidentPhase,
  MaintenanceWindow,
  Severity,
} from './incident.ts';
import type { RecordingDetail } from './recording.ts';

/**
 * Ports to what is kept. Implemented in storage/, on PGlite and on PostgreSQL alike. What reads may throw
 * STORAGE_UNAVAILABLE (retryable). `record`, `append` and `save` do not: what they were given is kept on the way to the
 * database, and they resolve once it can no longer be lost (see StorageHealth).
 */

export interface Page<T> {
  readonly items: readonly T[];
  /** For the next page; undefined on the last. Opaque. */
  readonly cursor: string | undefined;
}

export interface IncidentFilter {
  readonly liftIds?: readonly string[] | undefined;
  readonly kinds?: readonly IncidentKind[] | undefined;
  readonly phases?: readonly IncidentPhase[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  /** By `startedAt`, ms. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface RecordedChange extends IncidentChange {
  /** Rises over all lifts, without a gap that could still be filled: SSE's event id. */
  readonly seq: number;
}

/** Per lift and local day, for the statistics pages. */
export interface IncidentStatistics {
  readonly day: string;
  readonly liftId: string;
  readonly kind: IncidentKind;
  readonly count: number;
  readonly falseAlarms: number;
  /** Fault → confirmed and confirmed → acknowledged, ms; undefined where there was none. */
  readonly confirmMs: { readonly p50: number; readonly p95: number } | undefined;
  readonly acknowledgeMs: { readonly p50: number; readonly p95: number } | undefined;
}

export interface IncidentStore {
  /**
   * The change, the messages that tell of it (one per sink) and its audit entry, in one transaction; a change that is
   * already recorded (same incident and version) is left as it is. Changes come in the order of their versions.
   * @returns those that are in the database; the rest is secured in the journal, and told of by `recorded` later
   * @throws CabinwatchError INPUT_INVALID for what no database can hold
   */
  record(
    changes: readonly IncidentChange[],
    message: (change: IncidentChange) => AlarmMessage | undefined,
  ): Promise<RecordedChange[]>;
  incident(id: string): Promise<Incident | undefined>;
  /** All that are not closed, oldest first: what the rules go on with after a restart. */
  open(): Promise<Incident[]>;
  list(filter: IncidentFilter): Promise<Page<Incident>>;
  changesOf(incidentId: string): Promise<RecordedChange[]>;
  changesSince(seq: number, limit: number): Promise<RecordedChange[]>;
  lastSeq(): Promise<number>;
  /** @param timeZone IANA name by which days are cut */
  statistics(from: number, until: number, timeZone: string): Promise<IncidentStatistics[]>;
}

export interface OutboxItem {
  readonly id: number;
  readonly sink: string;
  readonly liftId: string;
  readonly message: AlarmMessage;
  readonly attempts: number;
  /** Since when it has been waiting to be told, ms. */
  readonly createdAt: number;
}

export interface DeadLetter extends OutboxItem {
  readonly failedAt: number;
  readonly error: string;
}

/** What has still to be told. In order per lift and sink: the next of a lift is given out only when the one before is done. */
export interface OutboxStore {
  due(sink: string, now: number, limit: number): Promise<OutboxItem[]>;
  delivered(id: number, at: number): Promise<void>;
  failed(id: number, at: number, error: string, nextAttemptAt: number): Promise<void>;
  bury(id: number, at: number, error: string): Promise<void>;
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /** Dead letters, all or these, back into the outbox; how many. They keep their ids and go before what waits. */
  replay(ids: readonly number[] | 'all', at: number): Promise<number>;
  /** Waiting and oldest per sink, for metrics and for telling the operator. */
  backlog(): Promise<
    readonly {
      readonly sink: string;
      readonly waiting: number;
      readonly oldestAt: number | undefined;
      readonly dead: number;
    }[]
  >;
}

export interface AuditInput {
  readonly at: number;
  readonly actor: Actor;
  /** `incident.confirmed`, `lift.changed`, `user.signed-in`, `call.started`, … */
  readonly action: string;
  /** What it was done to: `incident/<id>`, `lift/<id>`, … */
  readonly subject: string;
  readonly data: unknown;
}

export interface AuditEntry extends AuditInput {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** SHA-256 over the canonical JSON (RFC 8785) of the entry and the hash before it, hex. */
  readonly hash: string;
  readonly previous: string;
}

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** A hash-chained log: what was once written cannot be changed, removed or reordered unseen. */
export interface AuditLog {
  /** Resolves once it is secured: in the chain, or in the journal on its way there. */
  append(entry: AuditInput): Promise<void>;
  head(): Promise<AuditHead>;
  entries(after: number, limit: number): Promise<AuditEntry[]>;
}

export interface TimelineStore {
  /** Same lift, kind and `startedAt`: the later word replaces the earlier. */
  put(entries: readonly TimelineEntry[]): Promise<void>;
  list(liftId: string, from: number, until: number, limit: number): Promise<TimelineEntry[]>;
}

/** A lift as it is set up, beside what the configuration file says. `settings` is one entry of the file's `lifts`. */
export interface LiftRecord {
  readonly id: string;
  readonly settings: unknown;
  readonly changedAt: number;
}

export interface LiftStore {
  lifts(): Promise<LiftRecord[]>;
  put(record: LiftRecord): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface MaintenanceStore {
  windows(now: number): Promise<MaintenanceWindow[]>;
  put(window: MaintenanceWindow): Promise<void>;
  end(id: string, at: number): Promise<void>;
}

export type MediaKind = 'snapshot' | 'clip' | 'recording';

export interface MediaItem {
  readonly id: string;
  readonly kind: MediaKind;
  readonly liftId: string;
  readonly incidentId: string | undefined;
  readonly takenAt: number;
  readonly mime: string;
  readonly bytes: number;
  /** Of a recorded call. */
  readonly recording?: RecordingDetail;
}

export interface RecordingFilter {
  /** Undefined: all. */
  readonly liftIds?: readonly string[] | undefined;
  /** Begun before it, ms: the page after one that ends there. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Files that belong to incidents. Retention spares those of incidents that are not closed. */
export interface MediaStore {
  /** Written under another name first, so that a half one is never taken for the whole. */
  save(item: Omit<MediaItem, 'id' | 'bytes'>, content: Uint8Array): Promise<MediaItem>;
  /**
   * The same with a file that is there already, and is moved: of the same file system.
   * @throws CabinwatchError STORAGE_UNAVAILABLE
   */
  adopt(item: Omit<MediaItem, 'id' | 'bytes'>, path: string): Promise<MediaItem>;
  list(incidentId: string): Promise<MediaItem[]>;
  /** Recorded calls, the newest first. */
  recordings(filter: RecordingFilter): Promise<MediaItem[]>;
  item(id: string): Promise<MediaItem | undefined>;
  /** @throws CabinwatchError MEDIA_UNAVAILABLE */
  read(id: string): Promise<Uint8Array>;
  /** A part of it, first and last byte inclusive, without all of it in memory. @throws CabinwatchError MEDIA_UNAVAILABLE */
  stream(id: string, first: number, last: number): Promise<Readable>;
  /** Removes what is older than its kind may be kept, and the oldest while all together are too large. */
  sweep(now: number): Promise<MediaSwept>;
}

export interface MediaSwept {
  /** Past their time. */
  readonly expired: number;
  /** Before their time, for want of room. */
  readonly early: number;
}

/**
 * `ok`: the database takes what comes. `journalling`: it does not; what comes is secured in a local file and goes there in
 * order later, alarms with it. `unsecured`: neither can be written; what comes is held in memory and lost if the power goes.
 */
export const STORAGE_STATES = Object.freeze(['ok', 'journalling', 'unsecured'] as const);
export type StorageState = (typeof STORAGE_STATES)[number];

/** What the operator must be told about the keeping of records. */
export interface StorageHealth {
  readonly state: StorageState;
  readonly since: number;
  /** Records in the journal that the database does not have yet. */
  readonly journalled: number;
  /** Records that are in memory only. */
  readonly unsecured: number;
  /** Why, while it is not `ok`; without secrets. */
  readonly reason: string | undefined;
  /** Media removed before their time for want of room, since the start. */
  readonly mediaRemovedEarly: number;
}
