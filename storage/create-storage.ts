import { join } from 'node:path';
import { sql } from 'kysely';
import {
  type AccountStore,
  type AuditLog,
  type CallHistory,
  type CallLinkStore,
  type Clock,
  Emitter,
  type IncidentStore,
  type LiftStore,
  type Logger,
  type MaintenanceStore,
  type MediaStore,
  type OutboxStore,
  type RecordedChange,
  type StorageHealth,
  systemClock,
  type TimelineStore,
} from '../core/index.ts';
import { keepAnchoring } from './audit/anchor.ts';
import { lockFolder } from './database/folder-lock.ts';
import { openDatabase, prepareDatabase } from './database/open-database.ts';
import { commitWorks } from './journal/commit-works.ts';
import { Journal } from './journal/journal.ts';
import { RecordWriter } from './journal/record-writer.ts';
import { FileMediaStore } from './media/media-store.ts';
import type { StorageOptions } from './options.ts';
import { createAccountRepository } from './repositories/account-repository.ts';
import { createAuditRepository } from './repositories/audit-repository.ts';
import { createCallLinkRepository, createCallRepository } from './repositories/call-repositories.ts';
import { createIncidentRepository } from './repositories/incident-repository.ts';
import {
  createLiftRepository,
  createMaintenanceRepository,
  createTimelineRepository,
} from './repositories/lift-repositories.ts';
import { createOutboxRepository } from './repositories/outbox-repository.ts';

export interface StorageDeps {
  /** The names of the sinks that each alarm message is for. */
  readonly sinks: readonly string[];
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Where DATABASE_URL is looked up. Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface StorageEvents {
  /** Changes that are now in the database, in the order of their numbers: for the live feed and the dispatcher. */
  readonly recorded: readonly RecordedChange[];
  /** The operator must be told. */
  readonly state: StorageHealth;
}

export interface Storage {
  readonly incidents: IncidentStore;
  readonly outbox: OutboxStore;
  readonly audit: AuditLog;
  readonly timeline: TimelineStore;
  readonly lifts: LiftStore;
  readonly maintenance: MaintenanceStore;
  readonly accounts: AccountStore;
  readonly media: MediaStore;
  readonly calls: CallHistory;
  readonly callLinks: CallLinkStore;
  health(): StorageHealth;
  /** Returns the function that unsubscribes. */
  on<K extends keyof StorageEvents>(event: K, listener: (payload: StorageEvents[K]) => void): () => void;
  close(): Promise<void>;
}

const SWEEP_MS = 3_600_000;

/**
 * Everything that is kept. Resolves once the database is open and has what a former run left in the journal; also when it
 * cannot be reached, in the state `journalling`, and goes on trying.
 * @throws CabinwatchError CONFLICT while another process has the data folder
 */
export async function createStorage(options: StorageOptions, deps: StorageDeps): Promise<Storage> {
  const { logger, sinks, clock = systemClock, env = process.env } = deps;
  const lock = lockFolder(
    options.dataDir,
    'Stop that one, or give this one another folder (storage.dataDir).',
  );
  const db = openDatabase({ ...options, url: options.url ?? env.DATABASE_URL }, logger);
  let prepared = false;
  const writer = new RecordWriter({
    commit: (works) => commitWorks(db, works, sinks),
    async probe() {
      if (prepared) await sql`select 1`.execute(db);
      else await prepareDatabase(db);
      prepared = true;
    },
    journal: new Journal(join(options.dataDir, 'journal', 'pending.jsonl')),
    refused: new Journal(join(options.dataDir, 'journal', 'refused.jsonl')),
    clock,
    logger,
  });
  const media = new FileMediaStore({
    db,
    writer,
    folder: join(options.dataDir, 'media'),
    retention: options.retention,
    logger,
  });
  const audit = createAuditRepository(db, writer);
  const events = new Emitter<StorageEvents>((error) =>
    logger.error({ error: String(error) }, 'a listener failed'),
  );
  const health = (): StorageHealth => ({ ...writer.health(), mediaRemovedEarly: media.removedEarly });
  writer.on('state', () => events.emit('state', health()));
  writer.on('recorded', (changes) => events.emit('recorded', changes));
  await writer.start();

  const sweep = (): void => {
    media
      .sweep(clock.now())
      .catch((error) => logger.warn({ error: String(error) }, 'media could not be swept'));
  };
  const sweeping = setInterval(sweep, SWEEP_MS);
  sweeping.unref();
  const anchoring = keepAnchoring(options.anchor, { audit, clock, logger });
  let closing: Promise<void> | undefined;
  return {
    incidents: createIncidentRepository({ db, writer }),
    outbox: createOutboxRepository(db),
    audit,
    timeline: createTimelineRepository(db),
    lifts: createLiftRepository(db),
    maintenance: createMaintenanceRepository(db),
    accounts: createAccountRepository(db),
    media,
    calls: createCallRepository(db),
    callLinks: createCallLinkRepository(db),
    health,
    on: (event, listener) => events.on(event, listener),
    close() {
      closing ??= (async () => {
        clearInterval(sweeping);
        anchoring.close();
        await writer.close();
        await db.destroy();
        lock.release();
      })();
      return closing;
    },
  };
}
