import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Value } from 'typebox/value';
import type { AlarmMessage, IncidentChange } from '../../core/index.ts';
import { silentLogger } from '../../core/index.ts';
import { createStorage, type Storage, StorageOptions } from '../../storage/index.ts';

const ONE_BY_ONE = 500;
const AT_ONCE = 5000;
const run = Date.now();

function change(id: string, version: number): IncidentChange {
  const text = { zh: '轿厢停在门区外。'.repeat(20), en: 'The car stands outside the door zone. '.repeat(20) };
  return {
    change: version === 1 ? 'opened' : 'updated',
    at: Date.now(),
    by: { kind: 'service', id: 'rules', name: 'Rules' },
    incident: {
      id: `${run}-${id}`,
      liftId: `lift-${id}`,
      kind: 'entrapment',
      phase: 'suspected',
      severity: 'critical',
      startedAt: Date.now(),
      suspectedAt: Date.now(),
      people: 2,
      floor: 3,
      door: 'closed',
      why: text,
      unless: text,
      causes: [],
      evidence: [],
      notes: [],
      version,
    },
  };
}

const message = (told: IncidentChange): AlarmMessage => ({
  specversion: '1.0',
  id: `${told.incident.id}/${told.incident.version}`,
  source: '/bench',
  type: 'cabinwatch.incident.updated',
  subject: told.incident.id,
  time: new Date(told.at).toISOString(),
  datacontenttype: 'application/json',
  data: told,
});

const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function open(dataDir: string, url: string | undefined): Promise<{ storage: Storage; took: number }> {
  const options = Value.Default(StorageOptions, { dataDir, ...(url && { url }) }) as StorageOptions;
  const begin = performance.now();
  const storage = await createStorage(options, { sinks: ['one'], logger: silentLogger, env: {} });
  return { storage, took: performance.now() - begin };
}

async function measure(name: string, url: string | undefined): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cabinwatch-bench-'));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const held = (): string =>
    `caller held up: p99 ${ms(delay.percentile(99) / 1e6)}, most ${ms(delay.max / 1e6)}`;
  try {
    const first = await open(dataDir, url);
    console.log(`${name}: opened anew in ${ms(first.took)}; ${held()}`);
    const { storage } = first;

    delay.reset();
    const took: number[] = [];
    for (let i = 0; i < ONE_BY_ONE; i += 1) {
      const begin = performance.now();
      await storage.incidents.record([change(`a${i % 10}`, Math.floor(i / 10) + 1)], message);
      took.push(performance.now() - begin);
    }
    took.sort((a, b) => a - b);
    const at = (share: number): string => ms(took[Math.floor(share * (took.length - 1))] ?? 0);
    console.log(`${name}: one by one: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}; ${held()}`);

    delay.reset();
    const begin = performance.now();
    const all = Array.from({ length: AT_ONCE }, (_, i) =>
      storage.incidents.record([change(`b${i}`, 1)], message),
    );
    await Promise.all(all);
    const rate = AT_ONCE / ((performance.now() - begin) / 1000);
    console.log(
      `${name}: ${AT_ONCE} at once: ${Math.round(rate)} changes a second, four rows each; ${held()}`,
    );
    await storage.close();

    const again = await open(dataDir, url);
    console.log(`${name}: opened again in ${ms(again.took)}`);
    await again.storage.close();
  } finally {
    delay.disable();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await measure('PGlite', undefined);
const url = process.argv[2];
if (url) await measure('PostgreSQL', url);
