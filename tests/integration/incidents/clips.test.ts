import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readControllerFile } from '../../../controllers/index.ts';
import type { BehaviourEvent, BehaviourKind, IncidentChange, IncidentKind } from '../../../core/index.ts';
import { readTruth, type Truth } from '../../../datasets/index.ts';
import { readFaultTables } from '../../../incidents/index.ts';
import { driveLift } from './drive.ts';

const CLIPS = join(import.meta.dirname, '../../../datasets/synthetic/clips');
const rendered = readdirSync(CLIPS).filter((name) => existsSync(join(CLIPS, name, 'truth.jsonl.gz')));
const faultTable = await readFaultTables(['generic']);

/** What behaviours say of what is true, as soon as they can be sure. */
const SEEN_AS: Readonly<
  Record<string, { kind: BehaviourKind; after: number; evidence: BehaviourEvent['evidence'] }>
> = {
  ebike: { kind: 'ebike', after: 2, evidence: { stage: 'confirmed', share: 0.8 } },
  fall: { kind: 'fall', after: 2, evidence: {} },
  crowding: { kind: 'crowding', after: 1, evidence: { count: 6 } },
  'camera-blocked': { kind: 'camera-blocked', after: 4, evidence: { certain: true } },
  'camera-frozen': { kind: 'camera-frozen', after: 8, evidence: {} },
};
const INCIDENT_OF: Readonly<Record<string, IncidentKind>> = {
  ebike: 'ebike-entry',
  fall: 'fall',
  crowding: 'crowding',
  'camera-blocked': 'camera-blocked',
  'camera-frozen': 'camera-offline',
  'door-blocked': 'door-blocked',
  entrapment: 'entrapment',
};

const liftId = 'clip';
const event = (
  kind: BehaviourKind,
  phase: BehaviourEvent['phase'],
  seconds: number,
  startedAt: number,
  evidence: BehaviourEvent['evidence'],
): BehaviourEvent => ({
  kind,
  phase,
  liftId,
  ts: seconds * 1000,
  startedAt: startedAt * 1000,
  confidence: 1,
  evidence,
});

/** What a camera that errs in nothing would tell, a second after each change of the number of people. */
function eventsOf({ header, summary }: Truth): BehaviourEvent[] {
  const counts = summary.counts.map(({ t, inside }, i) => {
    const phase =
      inside === 0 ? 'ended' : i > 0 && summary.counts[i - 1]?.inside === 0 ? 'started' : 'updated';
    return event('occupancy', phase, t + 1, t, { count: inside });
  });
  const others = summary.events.flatMap(({ kind, start, end }) => {
    const seen = SEEN_AS[kind];
    if (!seen || end - start < seen.after) return [];
    const started = event(seen.kind, 'started', start + seen.after, start, seen.evidence);
    const ended = event(seen.kind, 'ended', end + 1, start, { stage: 'gone', reason: 'seen' });
    return [started, ended];
  });
  return [...counts, ...others].filter((e) => e.ts <= header.duration * 1000).sort((a, b) => a.ts - b.ts);
}

async function judgeClip(name: string): Promise<{ truth: Truth; changes: readonly IncidentChange[] }> {
  const truth = await readTruth(join(CLIPS, name, 'truth.jsonl.gz'));
  const messages = readControllerFile(readFileSync(join(CLIPS, name, 'controller.jsonl'), 'utf8'));
  const lift = driveLift(liftId, faultTable);
  const events = eventsOf(truth);
  for (const { message, received } of messages) {
    while (events[0] && events[0].ts <= received * 1000) lift.behaviour(events.shift() as BehaviourEvent);
    lift.message(message, received * 1000);
  }
  for (const late of events) lift.behaviour(late);
  lift.until(truth.header.duration * 1000);
  return { truth, changes: lift.changes };
}

describe.each(rendered)('clip %s', (name) => {
  it('gives the incidents that are true of it, and no others', async () => {
    const { truth, changes } = await judgeClip(name);
    const opened = changes.filter(({ change }) => change === 'opened').map(({ incident }) => incident.kind);
    const expected = truth.summary.events.flatMap(({ kind }) => INCIDENT_OF[kind] ?? []);
    expect(opened.sort()).toEqual([...new Set(expected)].sort());
  });

  it('confirms an entrapment within 30 s between floors and 90 s at a floor', async () => {
    const { truth, changes } = await judgeClip(name);
    for (const { start, end } of truth.summary.events.filter(({ kind }) => kind === 'entrapment')) {
      const of = changes.filter(({ incident }) => incident.kind === 'entrapment');
      const [suspected, confirmed] = ['opened', 'confirmed'].map((step) =>
        of.find(({ change }) => change === step),
      );
      expect((suspected?.at ?? Infinity) / 1000 - start).toBeLessThanOrEqual(15);
      if (end - start < 25) continue;
      expect((confirmed?.at ?? Infinity) / 1000 - start).toBeLessThanOrEqual(30);
      console.log(
        `incidents: ${name}: confirmed ${((confirmed?.at ?? 0) / 1000 - start).toFixed(1)} s after the fault`,
      );
      console.log(`  ${confirmed?.incident.why.en}\n  ${confirmed?.incident.why.zh}`);
    }
  });
});
