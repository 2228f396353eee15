import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from './journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-journal-'));
  path = join(folder, 'deep', 'pending.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function all(journal: Journal): Promise<string[]> {
  const lines: string[] = [];
  for (let at = 0; at < journal.size; ) {
    const batch = await journal.read(at);
    lines.push(...batch.lines);
    at = batch.end;
  }
  return lines;
}

test('lines come back whole and in order, long ones and odd ones too', async () => {
  const lines = ['{}', `"${'长'.repeat(200_000)}"`, '"\u2028 \r"', ''];
  const journal = new Journal(path);
  await journal.append(lines.slice(0, 1));
  await journal.append(lines.slice(1));
  expect(await all(journal)).toEqual(lines);
  expect(journal.lines).toBe(4);
  await journal.close();
  expect(await all(new Journal(path))).toEqual(lines);
});

test('wherever a crash cuts the file, the whole lines before are there and new ones follow', async () => {
  const lines = ['"one"', '"zwei"', '"三"'];
  const bytes = Buffer.byteLength(`${lines.join('\n')}\n`);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes }), async (cut) => {
      const first = new Journal(path);
      await first.append(lines);
      await first.close();
      truncateSync(path, cut);
      const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);

      const second = new Journal(path);
      expect(second.lines).toBe(whole.length);
      await second.append(['"next"']);
      expect(await all(second)).toEqual([...whole, '"next"']);
      await second.close();
      rmSync(path);
    }),
    { seed: 3, numRuns: 25 },
  );
});

test('emptied, it begins anew', async () => {
  const journal = new Journal(path);
  await journal.append(['"a"', '"b"']);
  await journal.clear();
  expect([journal.size, journal.lines]).toEqual([0, 0]);
  await journal.append(['"c"']);
  expect(await all(journal)).toEqual(['"c"']);
  await journal.close();
  expect(readFileSync(path, 'utf8')).toBe('"c"\n');
});

test('what a failed attempt has left behind is written over', async () => {
  const journal = new Journal(path);
  await journal.append(['"a"']);
  await journal.close();
  appendFileSync(path, '"half of a long line that never was acknowl');
  const again = new Journal(path);
  await again.append(['"b"']);
  await again.close();
  expect(readFileSync(path, 'utf8')).toBe('"a"\n"b"\n');
});
