import { CabinwatchError } from '../../core/index.ts';
import { checkModel } from '../../inference/index.ts';
import type { Finding } from './finding.ts';

export interface ModelsVerdict {
  readonly findings: readonly Finding[];
  /** Time of one look on one core, ms, by model id; only of those that ran. */
  readonly lookMs: ReadonlyMap<string, number>;
}

/** Is each model built, is the file what its manifest says, and does it run? */
export async function checkModels(modelsDir: string, ids: Iterable<string>): Promise<ModelsVerdict> {
  const findings: Finding[] = [];
  const lookMs = new Map<string, number>();
  for (const id of ids) {
    try {
      const { milliseconds } = await checkModel({ model: id, modelsDir });
      lookMs.set(id, milliseconds);
      findings.push(runs(id, milliseconds));
    } catch (error) {
      findings.push(doesNotRun(id, error));
    }
  }
  return { findings, lookMs };
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
