import type { Fault } from '../../../simulator/index.ts';
import { seeded } from '../measure/seeded.ts';
import type { Child } from '../processes/child.ts';
import type { CameraAddress, PipelineAsk, PipelineReport } from '../processes/pipeline-process.ts';
import type { SimulatorAnswer, SimulatorAsk } from '../processes/simulator-process.ts';

export type Pipeline = Child<PipelineAsk, PipelineReport>;
export type Simulator = Child<SimulatorAsk, SimulatorAnswer>;

/** What befalls cameras: faults of their own, and `leave`: taken out of the service and put back. */
const TROUBLES = ['die', 'hang', 'freeze', 'flood', 'slow', 'leave'] as const satisfies readonly (
  | Fault
  | 'leave'
)[];
export const TROUBLE_SECONDS = 12;

export interface Troubles {
  /** Makes some camera suffer. */
  strike(): Promise<void>;
  /** Puts back what has been away for long enough. */
  restore(): Promise<void>;
  /** How often each has struck, as text. */
  readonly list: string;
}

/** Troubles at cameras chosen by the seed. */
export function createTroubles(
  cameras: readonly CameraAddress[],
  { pipeline, simulator }: { readonly pipeline: Pipeline; readonly simulator: Simulator },
  seed: number,
): Troubles {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const counts = new Map<string, number>();
  const away: { readonly camera: CameraAddress; readonly until: number }[] = [];
  return {
    async strike() {
      const camera = pick(cameras);
      const trouble = pick(TROUBLES);
      if (away.some((gone) => gone.camera === camera)) return;
      counts.set(trouble, (counts.get(trouble) ?? 0) + 1);
      if (trouble === 'leave') {
        await pipeline.ask({ kind: 'leave', id: camera.id });
        away.push({ camera, until: performance.now() + TROUBLE_SECONDS * 1000 });
        return;
      }
      const forMs = TROUBLE_SECONDS * 1000;
      await simulator.ask({ kind: 'fault', name: camera.id, fault: trouble, forMs });
    },
    async restore() {
      while (away[0] && performance.now() >= away[0].until) {
        await pipeline.ask({ kind: 'watch', camera: away[0].camera });
        away.shift();
      }
    },
    get list() {
      return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ') || 'none';
    },
  };
}
