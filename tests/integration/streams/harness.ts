import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { CameraState } from '../../../core/index.ts';
import { type Camera, type CameraDeps, type CameraSettings, createCamera } from '../../../streams/index.ts';

/** Closes what a test opened, last first. */
export class Cleanup {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

export interface Watched {
  readonly camera: Camera;
  /** Every state entered, with the time since the camera was created, ms. */
  readonly states: { readonly state: CameraState; readonly at: number }[];
  /** Sizes of the pictures that came, such as `320x180`. */
  readonly sizes: Set<string>;
  /** When pictures came, ms since the camera was created. */
  readonly pictures: number[];
  /** Highest number of frames' times that went back; must stay 0. */
  backwards: number;
}

let serial = 0;

/** A camera whose pictures are read as the analysis would, and counted. */
export function watch(cleanup: Cleanup, settings: Partial<CameraSettings>, deps: CameraDeps = {}): Watched {
  const cameraId = settings.cameraId ?? `cam-${++serial}`;
  const start = performance.now();
  const camera = createCamera(
    { cameraId, liftId: `lift-${cameraId}`, ...settings },
    { random: seeded(serial), ...deps },
  );
  const watched: Watched = { camera, states: [], sizes: new Set(), pictures: [], backwards: 0 };
  camera.on('state', ({ state }) => watched.states.push({ state, at: performance.now() - start }));
  const abort = new AbortController();
  cleanup.add(async () => {
    abort.abort();
    await camera.close();
  });
  void (async () => {
    let last = 0;
    for await (const frame of camera.frames(abort.signal)) {
      if (frame.ts <= last) watched.backwards++;
      last = frame.ts;
      watched.sizes.add(`${frame.width}x${frame.height}`);
      watched.pictures.push(performance.now() - start);
      frame.close();
    }
  })();
  return watched;
}

/** Waits until the camera is in the state; gives the time it took, ms. */
export async function until(camera: Camera, state: CameraState, limitMs: number): Promise<number> {
  const start = performance.now();
  await vi.waitFor(
    () => {
      const health = camera.health();
      if (health.state !== state) throw new Error(`${health.state}, not ${state}: ${JSON.stringify(health)}`);
    },
    { timeout: limitMs, interval: 50 },
  );
  return performance.now() - start;
}

export async function temporaryFolder(cleanup: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-streams-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Mulberry32: the same jitter in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Figures that a run prints, so that a report can quote them. */
export function note(name: string, figures: Readonly<Record<string, number | string>>): void {
  const parts = Object.entries(figures).map(([key, value]) => {
    return `${key} ${typeof value === 'number' ? Math.round(value * 10) / 10 : value}`;
  });
  process.stdout.write(`  streams: ${name}: ${parts.join(', ')}\n`);
}
