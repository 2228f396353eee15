import { type Config, type DeepReadonly, type Lift, liftInference } from '../../config/index.ts';
import type { BehaviourEvent, Clock, Logger, Scene } from '../../core/index.ts';
import { createCabinPipeline, createScheduler, type SchedulerStats } from '../../inference/index.ts';
import type { Camera } from '../../streams/index.ts';
import { createErrorSummary } from './error-summary.ts';
import type { Models } from './open-models.ts';

export interface WatchDeps {
  readonly models: Models;
  readonly onScene: (scene: Scene) => void;
  readonly onBehaviour: (event: BehaviourEvent) => void;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface CabinWatch {
  /** Looks at this camera with the models until it is closed; does nothing where there is no detector. */
  watch(camera: Camera, lift: DeepReadonly<Lift>): void;
  stats(): SchedulerStats;
  close(): Promise<void>;
}

/** Shares the models between all cameras, and tells what is seen. */
export function watchCabins(config: DeepReadonly<Config>, deps: WatchDeps): CabinWatch {
  const { models, onScene, onBehaviour, logger, clock } = deps;
  const { detector, quickDetector, pose } = models;
  const cameras = new Map<string, Camera>();
  const scheduler = createScheduler(config.scheduler, { clock });
  const errors = createErrorSummary(logger);
  scheduler.on('scene', onScene);
  scheduler.on('behaviour', (event) => {
    onBehaviour(event);
    judgePicture(event, cameras.get(event.liftId));
  });
  scheduler.on('error', ({ liftId, error }) => errors.add(liftId, error));
  return {
    watch(camera, lift) {
      if (!detector) return;
      const { liftId } = camera;
      cameras.set(liftId, camera);
      const options = liftInference(config, lift);
      scheduler.watch(camera, createCabinPipeline({ liftId, detector, quickDetector, pose, options }));
    },
    stats: () => scheduler.stats(),
    close: () => scheduler.close(),
  };
}

/** That a picture stands still or is covered belongs to the camera's health, too. */
function judgePicture({ kind, phase }: BehaviourEvent, camera: Camera | undefined): void {
  if (kind !== 'camera-frozen' && kind !== 'camera-blocked') return;
  const verdict = kind === 'camera-frozen' ? 'frozen' : 'blocked';
  camera?.setPictureVerdict(phase === 'ended' ? undefined : verdict);
}
