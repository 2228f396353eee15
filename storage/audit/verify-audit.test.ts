import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEntry } from '../../core/index.ts';
import { chainEntry, GENESIS } from './chain.ts';
import { verifyAudit } from './verify-audit.ts';

function log(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let i = 0; i < length; i += 1) {
    const head = entries.at(-1) ?? { seq: 0, hash: GENESIS };
    const actor = { kind: 'user', id: `u${i % 3}`, name: '王芳' } as const;
    entries.push(
      chainEntry(head, { at: 1000 + i, actor, action: 'lift.changed', subject: 'lift/1', data: { i } }),
    );
  }
  return entries;
}

const sourceOf = (entries: readonly AuditEntry[]) => ({
  entries: async (after: number, limit: number) => entries.filter(({ seq }) => seq > after).slice(0, limit),
});

test('a log as it was written has no fault', async () => {
  const entries = log(12);
  const anchors = entries.filter(({ seq }) => seq % 5 === 0);
  expect(await verifyAudit(sourceOf(entries), { anchors, pageSize: 5 })).toMatchObject({
    entries: 12,
    fault: undefined,
  });
});

test('the hash is over canonical JSON: the order of keys is none of its business', async () => {
  const entries = log(1).map(
    (entry) => Object.fromEntries(Object.entries(entry).reverse()) as unknown as AuditEntry,
  );
  expect((await verifyAudit(sourceOf(entries))).fault).toBeUndefined();
});

const place = fc.integer({ min: 0, max: 9 });

test('any edit of any field is found at its entry', async () => {
  const edit = fc.constantFrom<Partial<AuditEntry>>(
    { at: 1 },
    { action: 'lift.removed' },
    { subject: 'lift/2' },
    { data: null },
    { actor: { kind: 'user', id: 'u1', name: 'somebody else' } },
    { hash: 'f'.repeat(64) },
    { previous: 'f'.repeat(64) },
  );
  await fc.assert(
    fc.asyncProperty(place, edit, async (at, change) => {
      const entries = log(10).map((entry, i) => (i === at ? { ...entry, ...change } : entry));
      expect((await verifyAudit(sourceOf(entries), { pageSize: 4 })).fault?.seq).toBe(at + 1);
    }),
    { seed: 7, numRuns: 60 },
  );
});

test('an entry that is gone is named, at the end with the help of an anchor', async () => {
  const anchors = log(10).slice(-1);
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 3 }), async (at, count) => {
      const entries = log(10).filter((_, i) => i < at || i >= at + count);
      expect((await verifyAudit(sourceOf(entries), { anchors, pageSize: 4 })).fault?.seq).toBe(at + 1);
    }),
    { seed: 7, numRuns: 40 },
  );
});

test('two entries that changed places are found at the first', async () => {
  const entries = log(10);
  const [a, b] = [entries[3], entries[6]];
  if (!a || !b) throw new Error('too short');
  const swapped = entries.map((e, i) => (i === 3 ? { ...b, seq: 4 } : i === 6 ? { ...a, seq: 7 } : e));
  expect((await verifyAudit(sourceOf(swapped))).fault).toMatchObject({ seq: 4 });
});

test('a log that was written anew from some entry on is found by the anchor', async () => {
  const entries = log(10);
  const anew = entries.slice(0, 4);
  for (const { at, actor, action, subject } of entries.slice(4)) {
    const head = anew.at(-1) ?? { seq: 0, hash: GENESIS };
    anew.push(chainEntry(head, { at, actor, action, subject, data: 'forged' }));
  }
  expect((await verifyAudit(sourceOf(anew))).fault).toBeUndefined();
  expect((await verifyAudit(sourceOf(anew), { anchors: entries.slice(6, 7) })).fault?.seq).toBe(7);
});
