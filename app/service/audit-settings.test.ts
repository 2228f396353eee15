import { expect, test } from 'vitest';
import { parseConfig } from '../../config/index.ts';
import { type AuditInput, ManualClock, silentLogger } from '../../core/index.ts';
import { auditSettings } from './audit-settings.ts';

async function entryOf(settings: object): Promise<Record<string, string>> {
  const entries: AuditInput[] = [];
  const audit = { append: async (entry: AuditInput) => void entries.push(entry) };
  auditSettings(parseConfig(JSON.stringify(settings), 'the test'), {
    audit,
    clock: new ManualClock(1000),
    logger: silentLogger,
  });
  expect(entries).toMatchObject([{ at: 1000, action: 'settings.loaded', subject: 'settings' }]);
  return entries[0]?.data as Record<string, string>;
}

const lift = (password: string, fps = 5) => ({
  lifts: [
    { id: 'a', camera: { url: `rtsp://viewer:${password}@192.0.2.1/s`, fps }, controller: { password } },
  ],
});

test('a changed section has another hash, the others keep theirs, and secrets are in none', async () => {
  const before = await entryOf(lift('one-password'));
  const changed = await entryOf(lift('one-password', 6));
  const others = (entry: Record<string, string>) => ({ ...entry, lifts: undefined });
  expect(changed.lifts).not.toBe(before.lifts);
  expect(others(changed)).toEqual(others(before));
  expect(await entryOf(lift('another-password'))).toEqual(before);
});
