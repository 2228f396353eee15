import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CountedFrame,
  countedFrame,
  type HeldPipeline,
  heldPipeline,
  type PushedSource,
  pushedSource,
  settled,
} from '../testing/fake-cabin.ts';
import { createScheduler, type Watch } from './scheduler.ts';

interface Camera {
  readonly source: PushedSource;
  readonly pipeline: HeldPipeline;
  readonly watch: Watch;
  readonly frames: CountedFrame[];
  /** For each other camera: looks it began since this one began to wait. */
  overtakenBy: Map<string, number>;
  shut: boolean;
}

const CAMERAS = 4;
const camera = fc.nat({ max: CAMERAS - 1 });
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('frame' as const), camera }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('finish' as const), camera }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), camera }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), camera }) },
);

test('whatever happens: bounded, fair, newest first, and every frame closed exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(command, { maxLength: 60 }),
      async (concurrency, script) => {
        const scheduler = createScheduler({ concurrency, lookTimeoutSeconds: 60 });
        const cameras: Camera[] = [];
        for (let i = 0; i < CAMERAS; i++) cameras.push(open(`lift-${i}`));
        let ts = 0;

        function open(liftId: string): Camera {
          const source = pushedSource(liftId);
          const pipeline = heldPipeline(liftId, undefined, () => begun(liftId));
          const watch = scheduler.watch(source, pipeline);
          return { source, pipeline, watch, frames: [], overtakenBy: new Map(), shut: false };
        }

        function begun(liftId: string): void {
          for (const c of cameras) {
            if (c.watch.liftId === liftId) c.overtakenBy = new Map();
            else if (c.watch.stats().waiting && !c.watch.stats().looking)
              c.overtakenBy.set(liftId, (c.overtakenBy.get(liftId) ?? 0) + 1);
          }
        }

        function check(): void {
          const stats = scheduler.stats();
          expect(stats.inFlight).toBeLessThanOrEqual(concurrency);
          const looking = cameras.filter((c) => c.pipeline.open).length;
          expect(looking).toBe(stats.inFlight);
          const idlePlaces = stats.inFlight < concurrency;
          for (const c of cameras) {
            const alive = c.frames.filter((f) => f.closed === 0);
            expect(alive.length).toBeLessThanOrEqual(2);
            expect(c.frames.every((f) => f.closed <= 1)).toBe(true);
            // Work-conserving: nobody waits while there is a free place.
            if (idlePlaces && !c.pipeline.open) expect(c.watch.stats().waiting).toBe(false);
            // Fair: while a camera waits, no other gets a second turn.
            for (const turns of c.overtakenBy.values()) expect(turns).toBeLessThanOrEqual(1);
            // What still waits is the newest.
            const newest = c.frames.at(-1);
            if (c.watch.stats().waiting) expect(newest?.closed).toBe(0);
          }
        }

        for (const step of script) {
          const c = cameras[step.camera]!;
          if (step.do === 'frame') {
            // A source may give nothing more once it has been told to stop.
            if (c.shut) continue;
            const frame = countedFrame(c.watch.liftId, ++ts);
            c.frames.push(frame);
            c.source.push(frame);
          } else if (step.do === 'finish') c.pipeline.open?.finish();
          else if (step.do === 'fail') c.pipeline.open?.fail(new Error('scripted'));
          else {
            c.shut = true;
            void c.watch.close();
          }
          await settled();
          check();
        }

        const closing = scheduler.close();
        for (const c of cameras) c.pipeline.open?.finish();
        await closing;
        await settled();
        for (const c of cameras) {
          for (const frame of c.frames) expect(frame.closed).toBe(1);
          expect(c.pipeline.begun.map((f) => f.ts)).toEqual(
            [...c.pipeline.begun.map((f) => f.ts)].sort((a, b) => a - b),
          );
        }
      },
    ),
    { seed: 7, numRuns: 150 },
  );
});

test('twenty cameras that always have a frame get turns alike', async () => {
  const scheduler = createScheduler({ concurrency: 2, lookTimeoutSeconds: 60 });
  const pipelines = Array.from({ length: 20 }, (_, i) => heldPipeline(`lift-${i}`));
  const sources = pipelines.map((p) => pushedSource(p.liftId));
  for (const [i, p] of pipelines.entries()) scheduler.watch(sources[i]!, p);
  for (let ts = 1; ts <= 200; ts++) {
    // One camera floods: it gets no more turns for it.
    for (let n = 0; n < 5; n++) sources[0]!.push(countedFrame('lift-0', ts * 10 + n));
    for (const [i, s] of sources.entries()) if (i > 0) s.push(countedFrame(`lift-${i}`, ts));
    await settled();
    for (const p of pipelines) p.open?.finish();
    await settled();
  }
  const turns = pipelines.map((p) => p.begun.length);
  expect(Math.max(...turns) - Math.min(...turns)).toBeLessThanOrEqual(1);
  expect(Math.min(...turns)).toBeGreaterThanOrEqual(19);
  const closing = scheduler.close();
  for (const p of pipelines) p.open?.finish();
  await closing;
});
