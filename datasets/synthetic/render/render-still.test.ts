import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMakeHuman } from '../people/makehuman.ts';
import { checkScenario } from '../scenario/load.ts';
import type { ObjectTruth } from '../truth/record.ts';
import { MaskView } from '../truth/silhouette.ts';
import { renderStill } from './render-still.ts';
import { StageHost } from './stage-host.ts';

const installed = existsSync(fileURLToPath(new URL('../node_modules/three', import.meta.url)));
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ready = installed && existsSync(chromium);
if (!ready) console.warn('skipped: drawing needs "npm ci --prefix datasets/synthetic" and Chromium');

/** One person alone in an empty cabin, so that nothing hides anything. */
const alone = (step: object | undefined, camera: object, look: object = {}) =>
  checkScenario({
    name: 'alone',
    duration: 6,
    width: 480,
    height: 360,
    cabin: { handrail: 'none', posters: 0, width: 2, depth: 2 },
    camera: { noise: 0, ...camera },
    people: [
      {
        id: 'ann',
        look: { sex: 'male', build: 'average', ...look },
        start: { x: 0, z: 0.2, face: 60 },
        steps: step ? [step] : [],
      },
    ],
  });

/** Whether the mask shows somebody within two pixels. */
function onBody(view: MaskView, x: number, y: number): boolean {
  for (let dy = -2; dy <= 2; dy++)
    for (let dx = -2; dx <= 2; dx++) if (view.id(Math.floor(x) + dx, Math.floor(y) + dy) === 1) return true;
  return false;
}

/** Drawn and projected boxes agree to two pixels, and what rounding to 0.0001 adds. */
function expectTight(
  { width, height }: { width: number; height: number },
  thing: Pick<ObjectTruth, 'visibleBox' | 'fullBox'> | undefined,
): void {
  const [seen, full] = [thing?.visibleBox ?? [0, 0, 0, 0], thing?.fullBox ?? [1, 1, 0, 0]];
  for (const [k, size] of [width, height, width, height].entries())
    expect(Math.abs((seen[k] ?? 9) - (full[k] ?? 0)) * size).toBeLessThanOrEqual(2.1);
}

const CASES = [
  ['standing under a pinhole', undefined, { fisheye: 0, hfov: 95 }],
  ['standing under a full fisheye', undefined, { fisheye: 1, hfov: 140 }],
  ['seen from straight above', undefined, { mount: 'centre', fisheye: 1, hfov: 150 }],
  ['crouching', { at: 0, do: 'crouch' }, {}],
  ['sitting', { at: 0, do: 'sit' }, {}],
  ['lying', { at: 0, do: 'fall-collapse' }, {}],
  ['waving', { at: 0, do: 'wave' }, {}],
  ['with a phone', { at: 0, do: 'phone' }, {}],
  ['with helmet, backpack and umbrella', undefined, {}, { hat: 'helmet', bag: 'backpack', umbrella: true }],
] as const;

describe.skipIf(!ready)('renderStill', () => {
  const makeHuman = ready ? openMakeHuman(import.meta.url) : undefined;
  let host: StageHost;

  beforeAll(async () => {
    host = await StageHost.start(makeHuman?.root ?? '', { chromium });
  }, 120_000);
  afterAll(async () => {
    await host?.close();
  });
  const draw = (scenario: ReturnType<typeof alone>) =>
    renderStill(scenario, 4.5, { makeHuman: makeHuman as NonNullable<typeof makeHuman>, host });

  it.each(CASES)(
    'projects %s to two pixels of the drawn mask, every keypoint on the body',
    async (_, step, camera, look?: object) => {
      const scenario = alone(step, camera, look);
      const { truth, masks } = await draw(scenario);
      const person = truth.people[0];
      expectTight(scenario, person);
      expect(person?.visibility).toBeGreaterThan(0.93);
      const view = new MaskView(masks, scenario.width, scenario.height);
      for (const [x, y, v] of person?.keypoints ?? []) {
        expect(v).toBeGreaterThan(0);
        expect(onBody(view, x * scenario.width, y * scenario.height)).toBe(true);
      }
    },
    120_000,
  );

  it.each(['ebike-moped', 'pram'] as const)(
    'projects a %s to two pixels of the drawn mask',
    async (kind) => {
      const scenario = checkScenario({
        ...alone(undefined, {}),
        people: [],
        objects: [{ id: 'thing', kind, start: { x: 0, z: 0.2, face: 150 } }],
      });
      expectTight(scenario, (await draw(scenario)).truth.objects[0]);
    },
    120_000,
  );

  it('shows keypoints that are near, and none that are hidden', async () => {
    const { truth } = await draw(alone(undefined, {}));
    const seen = truth.people[0]?.keypoints.filter(([, , v]) => v === 2).length ?? 0;
    expect(seen).toBeGreaterThanOrEqual(6);
    expect(seen).toBeLessThan(17);
  }, 120_000);

  it('gives the same picture and the same truth for the same scenario', async () => {
    const once = async (): Promise<string> => {
      const { rgb, truth } = await draw(alone(undefined, { noise: 0.02 }));
      return createHash('sha256').update(rgb).update(JSON.stringify(truth)).digest('hex');
    };
    expect(await once()).toBe(await once());
  }, 120_000);
});
