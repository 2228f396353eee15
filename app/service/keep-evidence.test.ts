import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type IncidentChange, type MediaItem, type MediaStore, silentLogger } from '../../core/index.ts';
import { until } from '../../tests/fixtures/until.ts';
import { type EvidenceDeps, keepEvidence } from './keep-evidence.ts';

type Camera = ReturnType<EvidenceDeps['cameras']['get']> & object;

const change = (kind: IncidentChange['change'], liftId = 'a'): IncidentChange =>
  ({ change: kind, at: 60_000, incident: { id: 'i1', liftId } }) as IncidentChange;

function stage(camera: Partial<Camera> = {}) {
  const saved: string[] = [];
  const media: Pick<MediaStore, 'save'> = {
    async save(item, content) {
      saved.push(`${item.kind} ${item.incidentId} ${item.takenAt} ${Buffer.from(content)}`);
      return item as MediaItem;
    },
  };
  const working: Camera = {
    snapshot: async () => ({ jpeg: Buffer.from('picture'), ts: 59_900 }) as never,
    async clip({ at, beforeMs = 0, path }) {
      await writeFile(path, 'film');
      return { from: at - beforeMs } as never;
    },
    ...camera,
  };
  const keeper = keepEvidence({
    cameras: new Map([['a', working]]),
    media: media as MediaStore,
    clips: { before: 10, after: 20 } as EvidenceDeps['clips'],
    logger: silentLogger,
  });
  return { keeper, saved };
}

test('an incident that opens gets a snapshot and a clip from before it; later steps and other lifts get none', async () => {
  const { keeper, saved } = stage();
  for (const kind of ['opened', 'confirmed', 'closed'] as const) keeper.take(change(kind));
  keeper.take(change('opened', 'elsewhere'));
  await until(() => saved.length === 2);
  await keeper.close();
  expect(saved.sort()).toEqual(['clip i1 50000 film', 'snapshot i1 59900 picture']);
});

test('a camera without a picture costs only the picture', async () => {
  const { keeper, saved } = stage({
    snapshot: async () => {
      throw new Error('no picture yet');
    },
  });
  keeper.take(change('opened'));
  await until(() => saved.length === 1);
  await keeper.close();
  expect(saved).toEqual(['clip i1 50000 film']);
});

test('closing cuts clips short that are still to be recorded', async () => {
  const { keeper, saved } = stage({
    clip: ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
  });
  keeper.take(change('opened'));
  await keeper.close();
  expect(saved).toEqual(['snapshot i1 59900 picture']);
});
