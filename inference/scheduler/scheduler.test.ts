import { afterEach, expect, test, vi } from 'vitest';
import { ManualClock } from '../../core/index.ts';
import { countedFrame, heldPipeline, pushedSource, settled } from '../testing/fake-cabin.ts';
import { createScheduler } from './scheduler.ts';

const OPTIONS = { concurrency: 1, lookTimeoutSeconds: 10 };

afterEach(() => {
  vi.useRealTimers();
});

type Cam = ReturnType<typeof camera>;

function camera(liftId: string) {
  return { source: pushedSource(liftId), pipeline: heldPipeline(liftId) };
}

test('the newest frame wins: what waited is closed and counted', async () => {
  const scheduler = createScheduler(OPTIONS);
  const { source, pipeline } = camera('a');
  const watch = scheduler.watch(source, pipeline);
  const frames = [1, 2, 3, 4].map((ts) => countedFrame('a', ts));
  for (const frame of frames) source.push(frame);
  await settled();
  expect(frames.map((f) => f.closed)).toEqual([0, 1, 1, 0]);
  pipeline.open?.finish();
  await settled();
  expect(pipeline.begun.map((f) => f.ts)).toEqual([1, 4]);
  expect(watch.stats()).toMatchObject({ frames: 4, looked: 1, skipped: 2, idle: 0, inferences: 2 });
  pipeline.open?.finish();
  source.end();
  await watch.done;
  expect(frames.map((f) => f.closed)).toEqual([1, 1, 1, 1]);
  await scheduler.close();
});

test('frames that are not due are measured, closed at once and counted as idle', async () => {
  const scheduler = createScheduler(OPTIONS);
  const source = pushedSource('a');
  const pipeline = heldPipeline('a', (frame) => frame.ts % 5 === 0);
  const watch = scheduler.watch(source, pipeline);
  const frames = [1, 2, 3].map((ts) => countedFrame('a', ts));
  for (const frame of frames) source.push(frame);
  source.end();
  await watch.done;
  expect(frames.map((f) => f.closed)).toEqual([1, 1, 1]);
  expect(watch.stats()).toMatchObject({ frames: 3, looked: 0, idle: 3, skipped: 0 });
});

test('a waiting frame gives way to a newer one even if that alone would not be due', async () => {
  const scheduler = createScheduler(OPTIONS);
  const other = camera('other');
  scheduler.watch(other.source, other.pipeline);
  other.source.push(countedFrame('other', 0));
  await settled();
  const source = pushedSource('a');
  const pipeline = heldPipeline('a', (frame) => frame.ts === 1);
  const watch = scheduler.watch(source, pipeline);
  source.push(countedFrame('a', 1));
  source.push(countedFrame('a', 2));
  await settled();
  other.pipeline.open?.finish();
  await settled();
  expect(pipeline.begun.map((f) => f.ts)).toEqual([2]);
  expect(watch.stats().skipped).toBe(1);
  pipeline.open?.finish();
  await scheduler.close();
});

test('a camera whose looks fail, one whose source breaks and one that hangs leave the fourth running', async () => {
  const scheduler = createScheduler({ ...OPTIONS, concurrency: 2 });
  const errors: string[] = [];
  scheduler.on('error', ({ liftId, error }) => errors.push(`${liftId} ${error.code}`));
  const [bad, broken, silent, good] = ['bad', 'broken', 'silent', 'good'].map(camera);
  for (const c of [bad, broken, silent, good]) scheduler.watch(c!.source, c!.pipeline);
  broken!.source.fail(new Error('connection reset'));
  for (let ts = 1; ts <= 5; ts++) {
    bad!.source.push(countedFrame('bad', ts));
    good!.source.push(countedFrame('good', ts));
    await settled();
    bad!.pipeline.open?.fail(new Error('bad weights'));
    good!.pipeline.open?.finish();
    await settled();
  }
  expect(good!.pipeline.begun).toHaveLength(5);
  expect(errors.filter((e) => e === 'bad INFERENCE_FAILED')).toHaveLength(5);
  expect(errors).toContain('broken INFERENCE_FAILED');
  expect(scheduler.stats().lanes.map((l) => l.liftId)).toEqual(['bad', 'silent', 'good']);
  await scheduler.close();
});

test('a hung look gives its place away, keeps its frame until it settles, and its camera recovers', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const scheduler = createScheduler({ ...OPTIONS, lookTimeoutSeconds: 3 });
  const errors: string[] = [];
  scheduler.on('error', ({ error }) => errors.push(error.message));
  const hung = camera('hung');
  const good = camera('good');
  const watch = scheduler.watch(hung.source, hung.pipeline);
  scheduler.watch(good.source, good.pipeline);
  const frame = countedFrame('hung', 1);
  hung.source.push(frame);
  await settled();
  good.source.push(countedFrame('good', 1));
  hung.source.push(countedFrame('hung', 2));
  await settled();
  expect(good.pipeline.begun).toHaveLength(0);
  vi.advanceTimersByTime(3000);
  await settled();
  expect(good.pipeline.begun).toHaveLength(1);
  expect(errors[0]).toContain('no answer within 3 s');
  expect(frame.closed).toBe(0);
  good.pipeline.open?.finish();
  hung.pipeline.open?.finish();
  await settled();
  expect(frame.closed).toBe(1);
  expect(hung.pipeline.begun.map((f) => f.ts)).toEqual([1, 2]);
  hung.pipeline.open?.finish();
  hung.source.end();
  await watch.done;
  expect(scheduler.stats().inFlight).toBe(0);
  await scheduler.close();
});

test('close works twice, waits for the look in flight, and lets nothing be heard after it', async () => {
  const scheduler = createScheduler(OPTIONS);
  const heard: string[] = [];
  scheduler.on('scene', (scene) => heard.push(scene.liftId));
  const { source, pipeline } = camera('a');
  const watch = scheduler.watch(source, pipeline);
  const frames = [countedFrame('a', 1), countedFrame('a', 2)];
  for (const frame of frames) source.push(frame);
  await settled();
  const closing = scheduler.close();
  await settled();
  expect(frames.map((f) => f.closed)).toEqual([0, 1]);
  pipeline.open?.finish();
  await closing;
  await watch.close();
  await scheduler.close();
  expect(frames.map((f) => f.closed)).toEqual([1, 1]);
  expect(heard).toEqual([]);
  expect(() => scheduler.watch(source, pipeline)).toThrow(/closed/);
});

test('closing does not wait for a source that ignores the signal, and its late frame is closed', async () => {
  const scheduler = createScheduler(OPTIONS);
  const { source, pipeline } = camera('deaf');
  const watch = scheduler.watch(source, pipeline);
  await settled();
  await watch.close();
  const frame = countedFrame('deaf', 1);
  source.push(frame);
  await settled();
  expect(frame.closed).toBe(1);
  expect(pipeline.begun).toEqual([]);
});

test('latency is counted from capture to the answer', async () => {
  const clock = new ManualClock(10_000);
  const scheduler = createScheduler(OPTIONS, { clock });
  const { source, pipeline } = camera('a');
  const watch = scheduler.watch(source, pipeline);
  for (const ms of [100, 300, 200]) {
    source.push(countedFrame('a', clock.now()));
    await settled();
    clock.advance(ms);
    pipeline.open?.finish();
    await settled();
  }
  expect(watch.stats()).toMatchObject({ p50Ms: 200, p95Ms: 300, lastLookTs: 10_400 });
  await scheduler.close();
});

test('who was looked at longest ago is next, before those that have waited longer since their last turn', async () => {
  const scheduler = createScheduler(OPTIONS);
  const [quiet, busy, other] = ['quiet', 'busy', 'other'].map(camera) as [Cam, Cam, Cam];
  for (const { source, pipeline } of [quiet, busy, other]) scheduler.watch(source, pipeline);
  const finish = async ({ pipeline }: Cam): Promise<void> => {
    pipeline.open?.finish();
    await settled();
  };
  for (const [i, { source }] of [quiet, busy, other].entries())
    source.push(countedFrame(source.liftId, i + 1));
  await settled();
  await finish(quiet);
  await finish(busy);
  // `other` is being looked at; `busy` asks for its next turn first, yet `quiet` has had none for longer.
  busy.source.push(countedFrame('busy', 4));
  await settled();
  quiet.source.push(countedFrame('quiet', 5));
  await settled();
  await finish(other);
  expect(quiet.pipeline.begun.map((f) => f.ts)).toEqual([1, 5]);
  expect(busy.pipeline.begun.map((f) => f.ts)).toEqual([2]);
  await finish(quiet);
  await finish(busy);
  await scheduler.close();
});

test('while one camera’s frames have to be skipped, all looks are hurried, and some time after', async () => {
  const clock = new ManualClock(1_000_000);
  const scheduler = createScheduler(OPTIONS, { clock });
  const [a, b] = [camera('a'), camera('b')];
  for (const { source, pipeline } of [a, b]) scheduler.watch(source, pipeline);
  const show = async ({ source, pipeline }: Cam, ...times: number[]): Promise<boolean | undefined> => {
    for (const ts of times) source.push(countedFrame(source.liftId, ts));
    await settled();
    while (pipeline.open) {
      pipeline.open.finish();
      await settled();
    }
    return pipeline.hurried.at(-1);
  };
  expect(await show(a, 1)).toBe(false);
  expect(await show(a, 2, 3, 4)).toBe(true);
  expect(await show(b, 1)).toBe(true);
  clock.advance(5000);
  expect(await show(b, 2)).toBe(false);
  await scheduler.close();
});
