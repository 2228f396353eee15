import { type Kysely, type Migration, sql } from 'kysely';
import { GENESIS } from '../../audit/chain.ts';

/** One statement each: PGlite and PostgreSQL both take only one at a time with parameters. */
const STATEMENTS: readonly string[] = [
  `create table changes (
    seq bigint primary key,
    incident_id text not null,
    version integer not null,
    lift_id text not null,
    body text not null,
    unique (incident_id, version)
  )`,
  `create table incidents (
    id text primary key,
    seq bigint not null references changes (seq),
    version integer not null,
    lift_id text not null,
    kind text not null,
    phase text not null,
    severity text not null,
    started_at double precision not null,
    confirmed_at double precision,
    acknowledged_at double precision,
    close_reason text
  )`,
  'create index incidents_by_start on incidents (started_at desc, id desc)',
  'create index incidents_by_lift on incidents (lift_id, started_at desc)',
  `create index incidents_open on incidents (started_at) where phase <> 'closed'`,
  `create table outbox (
    id bigint generated always as identity primary key,
    sink text not null,
    lift_id text not null,
    message text not null,
    created_at double precision not null,
    attempts integer not null default 0,
    next_attempt_at double precision not null,
    error text,
    dead_at double precision
  )`,
  'create index outbox_waiting on outbox (sink, lift_id, id) where dead_at is null',
  'create index outbox_dead on outbox (id) where dead_at is not null',
  `create table audit (
    seq bigint primary key,
    key text not null unique,
    previous text not null,
    hash text not null,
    body text not null
  )`,
  'create table heads (name text primary key, seq bigint not null, hash text not null)',
  `insert into heads (name, seq, hash) values ('audit', 0, '${GENESIS}'), ('changes', 0, '')`,
  `create table timeline (
    lift_id text not null,
    kind text not null,
    started_at double precision not null,
    ended_at double precision,
    detail text not null,
    primary key (lift_id, started_at, kind)
  )`,
  'create table lifts (id text primary key, settings text not null, changed_at double precision not null)',
  `create table maintenance (
    id text primary key,
    lift_id text not null,
    from_at double precision not null,
    until_at double precision not null,
    actor text not null,
    reason text not null
  )`,
  `create table media (
    id text primary key,
    kind text not null,
    lift_id text not null,
    incident_id text,
    taken_at double precision not null,
    mime text not null,
    bytes bigint not null
  )`,
  'create index media_by_incident on media (incident_id)',
  'create index media_by_age on media (taken_at)',
  `create table users (
    id text primary key,
    login text not null unique,
    name text not null,
    role text not null,
    groups text,
    disabled boolean not null,
    created_at double precision not null,
    password_hash text
  )`,
  `create table sessions (
    id_hash text primary key,
    user_id text not null references users (id) on delete cascade,
    created_at double precision not null,
    last_used_at double precision not null,
    expires_at double precision not null
  )`,
  'create index sessions_by_user on sessions (user_id)',
  `create table api_keys (
    id text primary key,
    name text not null,
    scopes text not null,
    groups text,
    created_at double precision not null,
    expires_at double precision,
    revoked_at double precision,
    token_hash text not null unique
  )`,
  `create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the table % is append-only', tg_table_name using errcode = 'restrict_violation';
    end
  $$`,
  ...['changes', 'audit'].flatMap((table) => [
    `create trigger append_only before update or delete on ${table} for each row execute function refuse_change()`,
    `create trigger append_only_whole before truncate on ${table} for each statement execute function refuse_change()`,
  ]),
];

export const records: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
