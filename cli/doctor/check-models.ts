import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { CabinwatchError, createFrame, type Frame } from '../../core/index.ts';
import { createDetector, createInferenceEngine, createPoseEstimator } from '../../inference/index.ts';
import { knownModels, loadManifest, modelFiles } from '../../models/index.ts';
import type { Finding } from './finding.ts';

const WARM_UP = 2;
const TIMED = 7;

export interface ModelsVerdict {
  readonly findings: readonly Finding[];
  /** Median time of one look on one core, ms, by model id; only of those that ran. */
  readonly lookMs: ReadonlyMap<string, number>;
}

/** Is each model of the project built, is the file what its manifest says, and does it run? */
export async function checkModels(modelsDir: string): Promise<ModelsVerdict> {
  const findings: Finding[] = [];
  const lookMs = new Map<string, number>();
  const engine = createInferenceEngine({ workers: 0 });
  try {
    for (const id of await knownModels()) {
      try {
        await checkFile(modelsDir, id);
        const ms = await timeLook(modelsDir, id, engine);
        lookMs.set(id, ms);
        findings.push(runs(id, ms));
      } catch (error) {
        findings.push(doesNotRun(id, error));
      }
    }
  } finally {
    await engine.close();
  }
  return { findings, lookMs };
}

/**
 * The build writes a manifest with the file's hash beside it; the project's own may pin the hash as well.
 * @throws CabinwatchError MODEL_NOT_BUILT, MODEL_INVALID
 */
async function checkFile(modelsDir: string, id: string): Promise<void> {
  const files = modelFiles(modelsDir, id);
  let bytes: Buffer;
  try {
    await access(files.manifest);
    bytes = await readFile(files.model);
  } catch (cause) {
    throw new CabinwatchError('MODEL_NOT_BUILT', `There is no ${files.model}.`, { cause });
  }
  const hash = createHash('sha256').update(bytes).digest('hex');
  const manifests = await Promise.all([loadManifest(id), loadManifest(files.manifest)]);
  if (manifests.some(({ manifest }) => manifest.built && manifest.built.sha256 !== hash)) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${files.model} is damaged or of another version (sha256 ${hash.slice(0, 12)}…).`,
    );
  }
}

async function timeLook(
  modelsDir: string,
  model: string,
  engine: ReturnType<typeof createInferenceEngine>,
): Promise<number> {
  const { task } = (await loadManifest(model)).manifest;
  const options = { model, modelsDir };
  const frame = greyFrame();
  const times: number[] = [];
  const detector = task === 'detect' ? await createDetector(options, { engine }) : undefined;
  const pose = task === 'pose' ? await createPoseEstimator(options, { engine }) : undefined;
  for (let i = 0; i < WARM_UP + TIMED; i += 1) {
    const started = performance.now();
    await (detector?.detect(frame) ?? pose?.estimate(frame));
    if (i >= WARM_UP) times.push(performance.now() - started);
  }
  await detector?.close();
  await pose?.close();
  return times.sort((a, b) => a - b)[Math.floor(TIMED / 2)] ?? 0;
}

/** A networks' time hardly depends on what is in the picture. */
function greyFrame(): Frame {
  const [width, height] = [640, 360];
  return createFrame(
    { liftId: 'doctor', ts: 0, width, height },
    new Uint8Array(width * height * 3).fill(110),
  );
}

function runs(id: string, ms: number): Finding {
  const rounded = ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
  return {
    id: `model-${id}`,
    level: 'ok',
    text: {
      en: `model ${id}: built, intact, ${rounded} ms a look on one core`,
      zh: `模型 ${id}：已生成、校验通过，单核每次推理 ${rounded} 毫秒`,
    },
    facts: { lookMs: Number(ms.toFixed(1)) },
  };
}

function doesNotRun(id: string, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  const notBuilt = error instanceof CabinwatchError && error.code === 'MODEL_NOT_BUILT';
  return {
    id: `model-${id}`,
    level: 'change',
    text: notBuilt
      ? { en: `Model ${id} has not been built.`, zh: `模型 ${id} 尚未生成。` }
      : { en: `Model ${id} does not run: ${reason}`, zh: `模型 ${id} 无法运行：${reason}` },
    remedy: {
      en: 'Run: npx cabinwatch models build',
      zh: '请运行：npx cabinwatch models build',
    },
    facts: { code: error instanceof CabinwatchError ? error.code : 'unknown', reason },
  };
}
