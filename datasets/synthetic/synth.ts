import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openMakeHuman } from './people/makehuman.ts';
import { type ClipReport, renderClip } from './render/render-clip.ts';
import { StageHost } from './render/stage-host.ts';
import { loadScenario } from './scenario/load.ts';

export interface SynthOptions {
  /** Scenario files to render. */
  readonly scenarios: readonly string[];
  /** Each scenario gets a folder of its name in here. */
  readonly out: string;
  readonly antialias?: boolean;
  /** Also a sheet with twelve moments of each clip, preview.jpg. */
  readonly preview?: boolean;
  readonly onProgress?: (progress: { name: string; done: number; all: number }) => void;
  readonly onClip?: (clip: { name: string; folder: string; report: ClipReport }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Renders scenarios into clips with truth.
 * @throws CabinwatchError CONFIG_INVALID for a bad scenario, DEPENDENCY_MISSING where the generator isn't installed
 */
export async function synth(options: SynthOptions): Promise<void> {
  // All scenarios are read first: a mistake in the last one must not cost an hour of rendering.
  const scenarios = [];
  for (const path of options.scenarios)
    scenarios.push({ scenario: await loadScenario(path), source: await readFile(path, 'utf8') });
  const makeHuman = openMakeHuman(fileURLToPath(import.meta.url));
  const host = await StageHost.start(makeHuman.root);
  try {
    for (const { scenario, source } of scenarios) {
      const folder = join(options.out, scenario.name);
      const report = await renderClip(
        {
          scenario,
          source,
          out: folder,
          antialias: options.antialias ?? false,
          preview: options.preview ?? false,
          onProgress: (done, all) => options.onProgress?.({ name: scenario.name, done, all }),
          ...(options.signal ? { signal: options.signal } : {}),
        },
        { makeHuman, host },
      );
      options.onClip?.({ name: scenario.name, folder, report });
    }
  } finally {
    await host.close();
  }
}
