import { expect, test } from 'vitest';
import { type BehaviourEvent, type Box, KEYPOINT_NAMES, type Pose, shareInside } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { paintFrame, scriptedDetector, scriptedPose } from '../testing/fake-vision.ts';
import { createCabinPipeline } from './cabin-pipeline.ts';

const visitor = (ts: number): Box[] => {
  if (ts < 4000 || ts > 10_000) return [];
  const x = 0.2 + (ts - 4000) / 20_000;
  return [{ x1: x, y1: 0.2, x2: x + 0.2, y2: 0.9 }];
};

async function run(
  detector = scriptedDetector((ts) => visitor(ts).map((box) => ({ label: 'person', score: 0.8, box }))),
) {
  const pose = scriptedPose(() => []);
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector, pose });
  const events: BehaviourEvent[] = [];
  let looks = 0;
  for (let ts = 0; ts <= 16_000; ts += 100) {
    const frame = paintFrame(ts, { figures: visitor(ts) });
    const result = await pipeline.process(frame);
    frame.close();
    events.push(...result.events);
    if (result.looked) looks++;
  }
  return { events, looks, pose, state: JSON.stringify(pipeline) };
}

test('a visitor gives occupancy 0→1→0, in time and never shorter than a second', async () => {
  const { events } = await run();
  expect(events.map((e) => [e.kind, e.phase, e.evidence.count])).toEqual([
    ['occupancy', 'started', 1],
    ['occupancy', 'ended', 0],
  ]);
  expect(events[0]!.ts).toBeGreaterThanOrEqual(5000);
  expect(events[0]!.ts).toBeLessThanOrEqual(6000);
  expect(events[0]!.startedAt).toBeLessThanOrEqual(4600);
  expect(events[1]!.ts).toBeLessThanOrEqual(13_000);
});

test('an empty still cabin is looked at once a second, a busy one five times', async () => {
  const { looks } = await run();
  const busySeconds = 6 + 2 + 3;
  const idleSeconds = 16 - busySeconds;
  expect(looks).toBeGreaterThan(5 * 6 + idleSeconds - 3);
  expect(looks).toBeLessThan(5 * busySeconds + idleSeconds + 6);
});

test('the same frames give the same events and state, to the byte', async () => {
  const first = await run();
  const second = await run();
  expect(second.events).toEqual(first.events);
  expect(second.state).toBe(first.state);
});

test('a failing detector is reported, concludes nothing and spoils no later frame', async () => {
  let broken = false;
  const detector = scriptedDetector((ts) => {
    if (broken) throw new Error('out of memory');
    return visitor(ts).map((box) => ({ label: 'person', score: 0.8, box }));
  });
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector });
  for (let ts = 4000; ts <= 6000; ts += 200) await pipeline.look(paintFrame(ts));
  broken = true;
  for (let ts = 6200; ts <= 9000; ts += 200) {
    const look = await pipeline.look(paintFrame(ts));
    expect(look.errors[0]).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(look.errors[0]!.message).toContain('out of memory');
    expect(look.scene.inferred).toBe(false);
    expect(look.events).toEqual([]);
  }
  broken = false;
  const after = await pipeline.look(paintFrame(9200));
  expect(after.scene.inferred).toBe(true);
  expect(after.scene.people).toHaveLength(1);
});

test('a failing pose model leaves the boxes to count by', async () => {
  const detector = scriptedDetector((ts) => visitor(ts).map((box) => ({ label: 'person', score: 0.8, box })));
  const pose = scriptedPose(() => {
    throw new Error('no pose today');
  });
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector, pose });
  const kinds: string[] = [];
  for (let ts = 4000; ts <= 7000; ts += 200) {
    const look = await pipeline.look(paintFrame(ts));
    expect(look.errors).toHaveLength(1);
    kinds.push(...look.events.map((e) => e.kind));
  }
  expect(kinds).toEqual(['occupancy']);
});

test('the pose model rests in an empty still cabin but for one pass in three seconds', async () => {
  const pose = scriptedPose(() => []);
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector: scriptedDetector(() => []), pose });
  for (let ts = 0; ts <= 30_000; ts += 1000) await pipeline.look(paintFrame(ts));
  expect(pose.calls).toBeGreaterThanOrEqual(9);
  expect(pose.calls).toBeLessThanOrEqual(12);
});

test('something large and new brings zoomed passes, one a look, and none once the cabin is quiet', async () => {
  const detector = scriptedDetector(() => []);
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector });
  const bike = (ts: number): Box[] => (ts > 10_000 ? [{ x1: 0.3, y1: 0.3, x2: 0.75, y2: 0.95 }] : []);
  for (let ts = 0; ts <= 30_000; ts += 200) await pipeline.look(paintFrame(ts, { figures: bike(ts) }));
  const zooms = detector.calls.filter((r) => r.x2 - r.x1 < 1).length;
  expect(zooms).toBeGreaterThanOrEqual(25);
  expect(zooms).toBeLessThanOrEqual(40);
});

test('an old frame changes nothing and two looks at once are refused', async () => {
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector: scriptedDetector(() => []) });
  await pipeline.look(paintFrame(1000));
  const before = JSON.stringify(pipeline);
  expect((await pipeline.look(paintFrame(500))).inferences).toBe(0);
  expect(JSON.stringify(pipeline)).toBe(before);
  const first = pipeline.look(paintFrame(2000));
  await expect(pipeline.look(paintFrame(3000))).rejects.toThrow(/one look at a time/);
  await first;
});

test('options reach the behaviours', async () => {
  const detector = scriptedDetector((ts) => visitor(ts).map((box) => ({ label: 'person', score: 0.8, box })));
  const options = inferenceOptions({ occupancy: { holdSeconds: 3 } });
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector, options });
  for (let ts = 4000; ts < 7000; ts += 200) expect((await pipeline.look(paintFrame(ts))).events).toEqual([]);
});

test('a poster on the wall is nobody, and does not keep the cabin from being learnt or left alone', async () => {
  const poster = { label: 'person', score: 0.7, box: { x1: 0.05, y1: 0.1, x2: 0.25, y2: 0.7 } };
  const detector = scriptedDetector((ts) => [
    poster,
    ...visitor(ts).map((box) => ({ label: 'person', score: 0.8, box })),
  ]);
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector, pose: scriptedPose(() => []) });
  const counts: unknown[] = [];
  let idleLooks = 0;
  for (let ts = 0; ts <= 40_000; ts += 200) {
    const light = ts > 15_000 && ts < 25_000 ? 0.55 : 1;
    const result = await pipeline.process(paintFrame(ts, { figures: visitor(ts), light }));
    counts.push(...result.events.map((e) => e.evidence.count));
    if (result.looked && ts > 30_000) idleLooks++;
  }
  expect(counts).toEqual([1, 0]);
  expect(idleLooks).toBeLessThanOrEqual(11);
});

/** What comes of a bike that stands there from 8 s to 20 s and scores `whole`, magnified `close`. */
async function ebikeEvents(label: string, whole: number, close: number): Promise<BehaviourEvent[]> {
  const bike: Box = { x1: 0.45, y1: 0.4, x2: 0.85, y2: 0.95 };
  const there = (ts: number): boolean => ts >= 8000 && ts < 20_000;
  const detector = scriptedDetector((ts, region) => {
    if (!there(ts)) return [];
    const closely = region && region.x2 - region.x1 < 1 && shareInside(bike, region) > 0.95;
    return [{ label, score: closely ? close : whole, box: bike }];
  });
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector, pose: scriptedPose(() => []) });
  const events: BehaviourEvent[] = [];
  for (let ts = 0; ts <= 40_000; ts += 200) {
    const result = await pipeline.process(paintFrame(ts, { figures: there(ts) ? [bike] : [] }));
    events.push(...result.events.filter((e) => e.kind === 'ebike'));
  }
  return events;
}

test.each([
  ['motorcycle', 0.16, 0.42],
  ['ebike', 0.78, 0.78],
])(
  'a bike seen as %s at %d and magnified at %d is confirmed in time, and released once it is gone',
  async (label, whole, close) => {
    const events = await ebikeEvents(label, whole, close);
    expect(events.map((e) => [e.phase, e.evidence.stage])).toEqual([
      ['started', 'confirmed'],
      ['ended', 'gone'],
    ]);
    expect(events[0]!.ts - 8000).toBeLessThanOrEqual(2400);
    expect(events[1]!.ts - 20_000).toBeLessThanOrEqual(7000);
  },
);

test('what looks like an e-bike from afar and not from near is none', async () => {
  expect(await ebikeEvents('ebike', 0.9, 0.4)).toEqual([]);
});

test('the empty cabin is not learnt from a picture that cannot be trusted', async () => {
  const foreground = async (meanwhile: Parameters<typeof paintFrame>[1]): Promise<number> => {
    const detector = scriptedDetector(() => []);
    const pipeline = createCabinPipeline({ liftId: 'lift-1', detector });
    for (let ts = 0; ts < 20_000; ts += 500) await pipeline.process(paintFrame(ts));
    for (let ts = 20_000; ts < 120_000; ts += 500) await pipeline.process(paintFrame(ts, meanwhile));
    return (await pipeline.process(paintFrame(120_500))).scene.picture.foreground;
  };
  expect(await foreground({ covered: true })).toBeLessThan(0.02);
  expect(await foreground({ figures: [{ x1: 0.3, y1: 0.2, x2: 0.6, y2: 0.9 }] })).toBeGreaterThan(0.1);
});

/** A pose of somebody upright, all joints sure, over the box. */
const poseOf = (box: Box): Pose => ({
  score: 0.6,
  box,
  keypoints: KEYPOINT_NAMES.map((_, i) => ({
    x: box.x1 + (((i * 7) % 17) / 16) * (box.x2 - box.x1),
    y: box.y1 + (i / 16) * (box.y2 - box.y1),
    score: 0.7,
  })),
});

test('hurried looks follow people by their poses, with the quick detector in between, and count the same', async () => {
  const boxes = (ts: number) => visitor(ts).map((box) => ({ label: 'person', score: 0.8, box }));
  const detector = scriptedDetector(boxes);
  const quickDetector = scriptedDetector(boxes);
  const pose = scriptedPose((ts) => visitor(ts).map(poseOf));
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector, quickDetector, pose });
  const events: BehaviourEvent[] = [];
  let posesOnly = 0;
  for (let ts = 0; ts <= 16_000; ts += 200) {
    const frame = paintFrame(ts, { figures: visitor(ts) });
    if (!pipeline.measure(frame).due) continue;
    const look = await pipeline.look(frame, { hurried: true });
    events.push(...look.events);
    if (look.scene.posesOnly) posesOnly++;
    for (const track of look.scene.people) expect(track.state).not.toBe('lost');
    if (ts > 10_000) break;
  }
  expect(detector.calls).toEqual([]);
  expect(posesOnly).toBeGreaterThan(quickDetector.calls.length);
  expect(events.map((e) => [e.kind, e.phase, e.evidence.count])).toEqual([['occupancy', 'started', 1]]);
});

test('an e-bike that may be there is looked for in every look, hurried or not', async () => {
  const bike: Box = { x1: 0.45, y1: 0.4, x2: 0.85, y2: 0.95 };
  const detector = scriptedDetector((ts) =>
    ts >= 2000 ? [{ label: 'motorcycle', score: 0.42, box: bike }] : [],
  );
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector, pose: scriptedPose(() => []) });
  const events: BehaviourEvent[] = [];
  for (let ts = 0; ts <= 6000; ts += 200) {
    const look = await pipeline.look(paintFrame(ts, { figures: ts >= 2000 ? [bike] : [] }), {
      hurried: true,
    });
    events.push(...look.events.filter((e) => e.kind === 'ebike'));
  }
  expect(events[0]).toMatchObject({ phase: 'started' });
  expect(events[0]!.ts - 2000).toBeLessThanOrEqual(2400);
});

test('a hurried look whose poses fail concludes nothing', async () => {
  const boxes = (ts: number) => visitor(ts).map((box) => ({ label: 'person', score: 0.8, box }));
  const pose = scriptedPose((ts) => {
    if (ts > 6000) throw new Error('no pose today');
    return visitor(ts).map(poseOf);
  });
  const pipeline = createCabinPipeline({ liftId: 'lift-1', detector: scriptedDetector(boxes), pose });
  const looks = [];
  for (let ts = 4000; ts <= 8000; ts += 200) {
    looks.push(await pipeline.look(paintFrame(ts, { figures: visitor(ts) }), { hurried: true }));
  }
  const blind = looks.filter((look) => !look.scene.inferred);
  expect(blind.length).toBeGreaterThan(3);
  expect(blind.flatMap((look) => look.events)).toEqual([]);
  expect(looks.at(-1)!.scene.people).toHaveLength(1);
});
