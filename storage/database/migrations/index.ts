import { type Kysely, type Migration, Migrator } from 'kysely';
import { records } from './0001-records.ts';
import { calls } from './0002-calls.ts';
import { recordings } from './0003-recordings.ts';

/** In order; one that has been released is never changed again. */
const MIGRATIONS: Readonly<Record<string, Migration>> = Object.freeze({
  '0001-records': records,
  '0002-calls': calls,
  '0003-recordings': recordings,
});

/** Brings a database to the newest form; does nothing where it has that already. */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
