import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  'alter table media add column recording text',
  `create index media_recordings on media (taken_at) where kind = 'recording'`,
];

export const recordings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
