import type { Generated } from 'kysely';

/** Times are epoch ms in double precision: exact for whole milliseconds, and a fraction is no reason to refuse a record. */
export interface Tables {
  /** Every step of every incident, as it was recorded; append-only. `body` is the change as JSON text. */
  changes: { seq: number; incident_id: string; version: number; lift_id: string; body: string };
  /** What incidents are looked for by; the incident itself is in the change that `seq` names. */
  incidents: {
    id: string;
    seq: number;
    version: number;
    lift_id: string;
    kind: string;
    phase: string;
    severity: string;
    started_at: number;
    confirmed_at: number | null;
    acknowledged_at: number | null;
    close_reason: string | null;
  };
  outbox: {
    id: Generated<number>;
    sink: string;
    lift_id: string;
    message: string;
    created_at: number;
    attempts: Generated<number>;
    next_attempt_at: number;
    error: string | null;
    dead_at: number | null;
  };
  /** Append-only. `key` keeps one thing from being entered twice; it is not part of the chain. */
  audit: { seq: number; key: string; previous: string; hash: string; body: string };
  /** The ends of the two numbered lists. Whoever writes to one locks its row first. */
  heads: { name: 'changes' | 'audit'; seq: number; hash: string };
  timeline: { lift_id: string; kind: string; started_at: number; ended_at: number | null; detail: string };
  lifts: { id: string; settings: string; changed_at: number };
  maintenance: {
    id: string;
    lift_id: string;
    from_at: number;
    until_at: number;
    actor: string;
    reason: string;
  };
  media: {
    id: string;
    kind: string;
    lift_id: string;
    incident_id: string | null;
    taken_at: number;
    mime: string;
    bytes: number;
    /** Of a recorded call: its detail as JSON text. */
    recording: string | null;
  };
  /** `body` is the call's record as JSON text. */
  calls: {
    id: string;
    lift_id: string;
    incident_id: string | null;
    started_at: number;
    ended: boolean;
    body: string;
  };
  call_links: {
    id: string;
    lift_id: string;
    name: string;
    actor: string;
    created_at: number;
    expires_at: number;
    revoked_at: number | null;
  };
  users: {
    id: string;
    login: string;
    name: string;
    role: string;
    groups: string | null;
    disabled: boolean;
    created_at: number;
    password_hash: string | null;
  };
  sessions: {
    id_hash: string;
    user_id: string;
    created_at: number;
    last_used_at: number;
    expires_at: number;
  };
  api_keys: {
    id: string;
    name: string;
    scopes: string;
    groups: string | null;
    created_at: number;
    expires_at: number | null;
    revoked_at: number | null;
    token_hash: string;
  };
}
