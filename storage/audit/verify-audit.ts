import type { AuditEntry, AuditHead } from '../../core/index.ts';
import { chainFault, GENESIS } from './chain.ts';

/** What is looked at. Reads piece by piece: a log of years fits no memory. */
export interface AuditSource {
  entries(after: number, limit: number): Promise<AuditEntry[]>;
  /** SHA-256 of incident changes as they stand now, by number; absent where only the log itself is at hand. */
  changeHashes?(seqs: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

export interface AuditVerdict {
  readonly entries: number;
  readonly head: AuditHead;
  /** The first entry at which the log is not what it was. */
  readonly fault: { readonly seq: number; readonly why: string } | undefined;
}

export interface VerifyOptions {
  /** Heads written down earlier: whatever they vouch for must still be there. */
  readonly anchors?: readonly AuditHead[];
  /** Incident changes that were there when the check began. */
  readonly changes?: number;
  readonly pageSize?: number;
}

/** Goes through the whole chain, the incident changes it vouches for, and the anchors that vouch for it. */
export async function verifyAudit(source: AuditSource, options: VerifyOptions = {}): Promise<AuditVerdict> {
  const { anchors = [], changes = 0, pageSize = 500 } = options;
  const anchored = new Map(anchors.map((anchor) => [anchor.seq, anchor]));
  let head: AuditHead = { seq: 0, hash: GENESIS };
  let changeSeq = 0;
  const verdict = (seq: number, why: string): AuditVerdict => ({
    entries: head.seq,
    head,
    fault: { seq, why },
  });
  for (;;) {
    const page = await source.entries(head.seq, pageSize);
    if (page.length === 0) break;
    const told = page.map(changeTold);
    const now = await source.changeHashes?.(told.flatMap((change) => change?.seq ?? []));
    for (const [i, entry] of page.entries()) {
      const fault = chainFault(head, entry);
      if (fault) return verdict(Math.min(entry.seq, head.seq + 1), fault);
      const anchor = anchored.get(entry.seq);
      if (anchor && anchor.hash !== entry.hash)
        return verdict(entry.seq, 'it is not the one that was anchored');
      const change = told[i];
      if (change) {
        if (change.seq !== changeSeq + 1) return verdict(entry.seq, 'it skips an incident change');
        const why = now && changeFault(change, now.get(change.seq));
        if (why) return verdict(entry.seq, why);
        changeSeq = change.seq;
      }
      head = { seq: entry.seq, hash: entry.hash };
    }
  }
  const beyond = anchors.filter(({ seq }) => seq > head.seq).sort((a, b) => b.seq - a.seq)[0];
  if (beyond) return verdict(head.seq + 1, `entries ${head.seq + 1} to ${beyond.seq} are missing at the end`);
  if (changes > changeSeq) return verdict(head.seq + 1, `incident change ${changeSeq + 1} was never entered`);
  return { entries: head.seq, head, fault: undefined };
}

interface ChangeTold {
  readonly seq: number;
  readonly sha256: string;
}

function changeTold({ action, data }: AuditEntry): ChangeTold | undefined {
  if (!String(action).startsWith('incident.')) return undefined;
  const { change, sha256 } = (data ?? {}) as { change?: unknown; sha256?: unknown };
  return typeof change === 'number' && typeof sha256 === 'string' ? { seq: change, sha256 } : undefined;
}

function changeFault(told: ChangeTold, now: string | undefined): string | undefined {
  if (now === told.sha256) return undefined;
  return `the incident change ${told.seq} that it vouches for ${now === undefined ? 'is gone' : 'has been edited'}`;
}
