import { createHash } from 'node:crypto';
import canonicalizePackage from 'canonicalize';
import type { AuditEntry, AuditHead, AuditInput } from '../../core/index.ts';

/** Its types speak of an ES module, which it is not. */
const canonicalize = canonicalizePackage as unknown as (input: unknown) => string | undefined;

/** What the first entry takes for the hash before it. */
export const GENESIS = '0'.repeat(64);

/**
 * The entry that follows `head`. Its hash is SHA-256 over the RFC 8785 form of everything else in it, the hash before it
 * included, so that no entry can be changed, left out or moved without changing every hash after it.
 */
export function chainEntry(head: AuditHead, input: AuditInput): AuditEntry {
  const entry = { ...plain(input), seq: head.seq + 1, previous: head.hash };
  return { ...entry, hash: hashOf(entry) };
}

/** What is wrong with `entry` as the one after `head`; undefined when nothing is. */
export function chainFault(head: AuditHead, entry: AuditEntry): string | undefined {
  if (entry.seq !== head.seq + 1) {
    return entry.seq > head.seq
      ? `entry ${head.seq + 1} is missing: ${entry.seq} follows ${head.seq}`
      : `entry ${entry.seq} stands after ${head.seq}`;
  }
  if (entry.previous !== head.hash) return 'it does not continue the entry before it';
  const { hash, ...rest } = entry;
  return hash === hashOf(rest) ? undefined : 'its content is not what was hashed';
}

function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalize(entry) ?? '')
    .digest('hex');
}

/** As it will be read again: what JSON cannot hold is gone before it is hashed. */
export function plain(input: AuditInput): AuditInput {
  const { at, actor, action, subject, data = null } = input;
  return JSON.parse(JSON.stringify({ at, actor, action, subject, data })) as AuditInput;
}
