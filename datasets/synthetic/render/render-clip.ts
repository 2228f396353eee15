import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { stringify } from 'yaml';
import { controllerMessages } from '../car/controller.ts';
import type { MakeHuman } from '../people/makehuman.ts';
import { createRandom } from '../random.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type FrameTruth, momentTruth, TruthRecorder } from '../truth/record.ts';
import { SummaryBuilder, type TruthSummary } from '../truth/summary.ts';
import { World } from '../world.ts';
import { writeClip } from './encode.ts';
import { stageFrame } from './frame.ts';
import { toJpeg, writeContactSheet } from './pictures.ts';
import { castPeople, stageSetup } from './setup.ts';
import type { StageHost } from './stage-host.ts';

export interface ClipDeps {
  readonly makeHuman: MakeHuman;
  readonly host: StageHost;
}

export interface ClipRequest {
  readonly scenario: Scenario;
  /** Folder that takes clip.mp4, scenario.yaml, truth.jsonl.gz and controller.jsonl. */
  readonly out: string;
  /** The scenario as it was written; default: the full scenario with all its defaults. */
  readonly source?: string;
  /** Smooth edges at twice the cost. */
  readonly antialias?: boolean;
  /** Also preview.jpg: twelve moments of the clip on one sheet. */
  readonly preview?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
  readonly signal?: AbortSignal;
}

export interface ClipReport {
  readonly frames: number;
  readonly seconds: number;
  readonly summary: TruthSummary;
}

/** Renders one scenario with its truth. The clip gets its name only when whole, so that a kill leaves no half clip. */
export async function renderClip(request: ClipRequest, deps: ClipDeps): Promise<ClipReport> {
  const { scenario, out } = request;
  const started = performance.now();
  await mkdir(out, { recursive: true });
  const cast = castPeople(deps.makeHuman, scenario);
  const world = new World(scenario, cast.bodies);
  const { setup, files } = stageSetup(scenario, cast, request.antialias ?? false);
  for (const [name, bytes] of files) deps.host.putFile(name, bytes);
  const solids = await deps.host.set(setup);
  deps.host.dropFiles();

  const recorder = new TruthRecorder(scenario, setup, cast.bodies, solids);
  const builder = new SummaryBuilder(scenario.cabin.depth / 2);
  const truth = jsonLines(join(out, 'truth.jsonl.gz.part'));
  const { name, seed, fps, width, height, duration } = scenario;
  await truth.write({ format: 'cabinwatch-truth/1', name, seed, fps, width, height, duration });
  const clip = writeClip(join(out, 'clip.part.mp4'), {
    width,
    height,
    fps,
    quality: scenario.camera.quality,
  });
  const frames = Math.round(duration * fps);
  const bytes = width * height * 3;
  const nothingSeen = new Uint8Array(width * height * 2);
  const moments = new Map<number, Buffer>();
  let held: { picture: Buffer; truth: FrameTruth } | undefined;
  try {
    for (let i = 0; i < frames; i++) {
      request.signal?.throwIfAborted();
      const state = world.at(i / fps);
      builder.push(state);
      // A frozen picture goes on showing what it showed, and its truth is about what it shows.
      if (state.picture.fault !== 'frozen' || !held) {
        const frame = stageFrame(scenario, state, i, true);
        const blind = frame.covered === 1 || frame.black;
        const pixels = await deps.host.render({ ...frame, masks: !blind });
        held = {
          picture: pixels.subarray(0, bytes),
          truth: recorder.record(state, blind ? nothingSeen : pixels.subarray(bytes)),
        };
      }
      await clip.write(held.picture);
      if (request.preview && isMoment(i, frames)) moments.set(i, Buffer.from(held.picture));
      await truth.write({ ...held.truth, ...momentTruth(state) });
      request.onProgress?.(i + 1, frames);
    }
    const summary = builder.finish(duration);
    await truth.write({ summary });
    await truth.end();
    await clip.finish();
    if (request.preview) await writeMoments(join(out, 'preview.jpg'), [...moments.values()], scenario);
    const messages = controllerMessages(
      world.car,
      world.dt,
      scenario.controller,
      createRandom(seed).fork('controller'),
    );
    await writeFile(join(out, 'controller.jsonl'), `${messages.map((m) => JSON.stringify(m)).join('\n')}\n`);
    await writeFile(join(out, 'scenario.yaml'), request.source ?? stringify(scenario));
    await rename(join(out, 'truth.jsonl.gz.part'), join(out, 'truth.jsonl.gz'));
    await rename(join(out, 'clip.part.mp4'), join(out, 'clip.mp4'));
    return { frames, seconds: (performance.now() - started) / 1000, summary };
  } catch (error) {
    clip.abort();
    throw error;
  }
}

const MOMENTS = 12;

/** Whether frame `i` is one of the moments that are spread evenly over the clip. */
function isMoment(i: number, frames: number): boolean {
  return Math.floor((i * MOMENTS) / frames) !== Math.floor(((i - 1) * MOMENTS) / frames);
}

async function writeMoments(
  path: string,
  pictures: readonly Buffer[],
  size: { width: number; height: number },
): Promise<void> {
  const jpegs = await Promise.all(pictures.map((rgb) => toJpeg(rgb, size, 90)));
  await writeContactSheet(path, jpegs, { columns: 4, width: size.width / 2, height: size.height / 2 });
}

/** A gzipped JSON-lines file. */
function jsonLines(path: string): { write(value: unknown): Promise<void>; end(): Promise<void> } {
  const zip = createGzip({ level: 9 });
  const file = createWriteStream(path);
  zip.pipe(file);
  return {
    async write(value) {
      if (!zip.write(`${JSON.stringify(value)}\n`)) await once(zip, 'drain');
    },
    async end() {
      zip.end();
      await once(file, 'close');
    },
  };
}
