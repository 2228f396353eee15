import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  `create table calls (
    id text primary key,
    lift_id text not null,
    incident_id text,
    started_at double precision not null,
    ended boolean not null,
    body text not null
  )`,
  'create index calls_by_incident on calls (incident_id, started_at)',
  'create index calls_open on calls (started_at) where not ended',
  `create table call_links (
    id text primary key,
    lift_id text not null,
    name text not null,
    actor text not null,
    created_at double precision not null,
    expires_at double precision not null,
    revoked_at double precision
  )`,
  'create index call_links_by_lift on call_links (lift_id, expires_at)',
];

export const calls: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
