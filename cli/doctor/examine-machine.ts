import { availableParallelism } from 'node:os';
import { inferenceOptions } from '../../inference/index.ts';
import { knownModels } from '../../models/index.ts';
import { checkFfmpeg } from './check-ffmpeg.ts';
import { checkIce, type IceUse } from './check-ice.ts';
import { checkClock, checkCpu, checkLoad, checkMemory, usableMemory } from './check-machine.ts';
import { checkModels, type ModelsVerdict } from './check-models.ts';
import { checkNode } from './check-node.ts';
import { checkPorts, type PortUse } from './check-ports.ts';
import { checkStorage, type StorageUse } from './check-storage.ts';
import { describeCapacity } from './estimate-cameras.ts';
import type { Finding } from './finding.ts';
import { measureDecodeLoad } from './measure-decode.ts';

export interface MachineOptions {
  readonly modelsDir: string;
  readonly ports: readonly PortUse[];
  readonly storage: StorageUse;
  readonly ice: IceUse;
  /** The models that look at every cabin. */
  readonly detector: string;
  readonly pose: string;
}

/** Everything that can be said without a camera, in the order in which a person would look at it. */
export async function examineMachine(options: MachineOptions): Promise<Finding[]> {
  const load = checkLoad();
  const ffmpeg = await checkFfmpeg(process.env);
  const ids = new Set([options.detector, options.pose, ...(await knownModels())]);
  const models = await checkModels(options.modelsDir, ids);
  return [
    checkNode(process.versions.node),
    ...ffmpeg,
    ...models.findings,
    ...(await checkPorts(options.ports)),
    ...(await checkIce(options.ice)),
    checkCpu(),
    ...(await capacity(options, models, ffmpeg)),
    ...load,
    checkMemory(usableMemory()),
    ...(await checkStorage(options.storage)),
    checkClock(Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone),
  ];
}

/** Model runs a look besides the detector's own, as bench/pipeline counts them over the synthetic clips. */
const CROPS_PER_ACTIVE_LOOK = 0.35;
const POSES_PER_IDLE_LOOK = 0.3;

/** Nothing while a part of the sum is missing: what is missing has been said already. */
async function capacity(
  options: MachineOptions,
  models: ModelsVerdict,
  ffmpeg: readonly Finding[],
): Promise<Finding[]> {
  const detect = models.lookMs.get(options.detector);
  const pose = models.lookMs.get(options.pose);
  if (detect === undefined || pose === undefined || ffmpeg.some((finding) => finding.level === 'change'))
    return [];
  const { activeFps, idleFps } = inferenceOptions().gate;
  const decode = await measureDecodeLoad(activeFps);
  if (decode === undefined) return [];
  const look = {
    activeLook: (detect * (1 + CROPS_PER_ACTIVE_LOOK) + pose) / 1000,
    idleLook: (detect + pose * POSES_PER_IDLE_LOOK) / 1000,
  };
  return [describeCapacity({ cores: availableParallelism(), decode, activeFps, idleFps, ...look })];
}
