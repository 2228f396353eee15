import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCollisions } from './collisions.ts';
import { CLASSES, type LabelledPicture, toCoco, toYolo } from './export/coco.ts';
import { type MakeHuman, openMakeHuman } from './people/makehuman.ts';
import { toJpeg, writeContactSheet, writeWhole } from './render/pictures.ts';
import type { ClipDeps } from './render/render-clip.ts';
import { renderStill, stillFiles } from './render/render-still.ts';
import { type Cast, castPeople } from './render/setup.ts';
import { StageHost } from './render/stage-host.ts';
import { STILL_AT, sampleScenario } from './sampler/sample.ts';
import { sampleForEbikes, sampleLookAlikes } from './sampler/sample-for-ebikes.ts';
import type { Scenario } from './scenario/schema.ts';
import type { FrameTruth } from './truth/record.ts';
import { World } from './world.ts';

export interface SynthRandomOptions {
  /** How many random cabins. */
  readonly count: number;
  readonly seed: number;
  /** Takes images/, labels/ (YOLO), truth/, annotations.json (COCO), classes.txt and README.md. */
  readonly out: string;
  /**
   * `ebikes`: e-bikes, and what may be taken for them, are often there; `look-alikes`: bicycles, prams and wheelchairs are;
   * default: as often as in any lift.
   */
  readonly focus?: SynthFocus | undefined;
  /** Picture size, pixels; default 640×360. */
  readonly width?: number;
  readonly height?: number;
  /** Also a contact sheet of the first 48. */
  readonly preview?: boolean;
  readonly antialias?: boolean;
  /** Which share of the cabins this process draws, [k, n]: those whose number leaves k when divided by n; default all. */
  readonly share?: readonly [number, number];
  readonly onProgress?: (progress: { done: number; all: number; skipped: number }) => void;
  readonly signal?: AbortSignal;
}

/** How many worlds a browser draws before it is replaced, so that nothing it leaks adds up. */
const WORLDS_A_BROWSER = 150;
const JPEG_QUALITY = 82;

/** Draws random cabins for training. What is already there is not drawn again, so a killed run goes on where it stopped. */
export async function synthRandom(options: SynthRandomOptions): Promise<void> {
  const { count, out } = options;
  const [part, parts] = options.share ?? [0, 1];
  for (const folder of ['images', 'labels', 'truth']) await mkdir(join(out, folder), { recursive: true });
  const mine = Array.from({ length: count }, (_, i) => i).filter((i) => i % parts === part);
  const makeHuman = openMakeHuman(fileURLToPath(import.meta.url));
  let host: StageHost | undefined;
  let drawn = 0;
  let skipped = 0;
  try {
    for (const [n, index] of mine.entries()) {
      options.signal?.throwIfAborted();
      const files = stillFiles(out, cabinAt(options, index).name);
      // The truth is written last, so it stands for the whole world.
      if (existsSync(files.truth)) skipped++;
      else {
        if (host && drawn % WORLDS_A_BROWSER === 0) {
          await host.close();
          host = undefined;
        }
        host ??= await StageHost.start(makeHuman.root);
        await drawWorld(index, options, { makeHuman, host });
        drawn++;
      }
      options.onProgress?.({ done: n + 1, all: mine.length, skipped });
    }
  } finally {
    await host?.close();
  }
  if (parts === 1) await collect(options);
}

const SAMPLERS = { ebikes: sampleForEbikes, 'look-alikes': sampleLookAlikes } as const;
export type SynthFocus = keyof typeof SAMPLERS;

/** The index-th cabin of a set. */
function cabinAt(
  options: Pick<SynthRandomOptions, 'seed' | 'focus' | 'width' | 'height'>,
  index: number,
  attempt = 0,
): Scenario {
  const { seed, width = 640, height = 360 } = options;
  const sample = options.focus ? SAMPLERS[options.focus] : sampleScenario;
  return { ...sample(seed, index, attempt), width, height };
}

/** How often a cabin is drawn anew because somebody's body went through something. */
const ATTEMPTS = 8;

/** The first draw of the index-th cabin in which nobody goes through anything, with its people. */
function clearCabin(
  options: SynthRandomOptions,
  index: number,
  makeHuman: MakeHuman,
): { scenario: Scenario; cast: Cast } {
  for (let attempt = 0; ; attempt++) {
    const scenario = cabinAt(options, index, attempt);
    const cast = castPeople(makeHuman, scenario);
    const clear = findCollisions(new World(scenario, cast.bodies), cast.bodies, [STILL_AT]).length === 0;
    if (clear || attempt === ATTEMPTS) return { scenario, cast };
  }
}

async function drawWorld(index: number, options: SynthRandomOptions, deps: ClipDeps): Promise<void> {
  const { scenario, cast } = clearCabin(options, index, deps.makeHuman);
  const files = stillFiles(options.out, scenario.name);
  const still = await renderStill(scenario, STILL_AT, deps, options.antialias, cast);
  await writeWhole(files.image, await toJpeg(still.rgb, scenario, JPEG_QUALITY));
  await writeFile(files.label, toYolo(still.truth));
  const { cabin, camera } = scenario;
  const text = JSON.stringify({
    name: scenario.name,
    seed: options.seed,
    index,
    width: scenario.width,
    height: scenario.height,
    cabin,
    camera,
    ...still.truth,
  });
  await writeWhole(files.truth, text);
}

/** Gathers what all processes drew into one COCO file, the class list, the card and the preview. */
export async function collect(
  options: Pick<SynthRandomOptions, 'count' | 'seed' | 'focus' | 'out' | 'width' | 'height' | 'preview'>,
): Promise<void> {
  const { count, seed, out } = options;
  const pictures: LabelledPicture[] = [];
  for (let i = 0; i < count; i++) {
    const { name, width, height } = cabinAt(options, i);
    const truth = JSON.parse(await readFile(stillFiles(out, name).truth, 'utf8')) as FrameTruth;
    pictures.push({ file: `images/${name}.jpg`, width, height, truth });
  }
  await writeFile(join(out, 'annotations.json'), JSON.stringify(toCoco(pictures)));
  await writeFile(join(out, 'classes.txt'), `${CLASSES.join('\n')}\n`);
  const card = await readFile(new URL('./DATA-CARD.md', import.meta.url), 'utf8');
  await writeFile(
    join(out, 'README.md'),
    `${card}\n## This set\n\n${count} pictures of as many random cabins, seed ${seed}.\n`,
  );
  if (options.preview) {
    const first = pictures.slice(0, 48).map((p) => join(out, p.file));
    await writeContactSheet(join(out, 'preview.jpg'), first, { columns: 8, width: 240, height: 135 });
  }
}
