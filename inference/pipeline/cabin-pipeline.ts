import type {
  Behaviour,
  BehaviourEvent,
  CabinwatchError,
  Detector,
  Frame,
  PoseEstimator,
  Scene,
} from '../../core/index.ts';
import { BEHAVIOURS, type BehaviourEntry } from '../behaviours/registry.ts';
import { type InferenceOptions, inferenceOptions } from '../options.ts';
import { createCabinMemory } from './cabin-memory.ts';
import { createCabinPicture } from './cabin-picture.ts';
import { runModels } from './run-models.ts';

export interface CabinPipelineDeps {
  readonly liftId: string;
  readonly detector: Detector;
  readonly pose?: PoseEstimator | undefined;
  /** A cheaper detector for hurried looks on which nothing hangs; without one the detector is used for them, too. */
  readonly quickDetector?: Detector | undefined;
  /** Complete options, as `inferenceOptions()` makes them; the defaults when left out. */
  readonly options?: InferenceOptions;
  readonly behaviours?: readonly BehaviourEntry[];
}

export interface Measurement {
  readonly scene: Scene;
  readonly events: readonly BehaviourEvent[];
  /** Whether this frame should be looked at: by motion, by what is undecided, and at least `idleFps` times a second. */
  readonly due: boolean;
}

export interface Look {
  readonly scene: Scene;
  readonly events: readonly BehaviourEvent[];
  /** Model runs this took. */
  readonly inferences: number;
  /** INFERENCE_FAILED for each model run that failed. Without the detector's word `scene.inferred` is false. */
  readonly errors: readonly CabinwatchError[];
}

/**
 * From one cabin's frames to behaviour events. Live service and replay use the same: results depend on the frames and
 * their `ts` alone. Frames are borrowed for the call, whoever owns them closes them. `ts` must rise; a frame that is
 * not newer than the last one measured changes nothing.
 */
export interface CabinPipeline {
  readonly liftId: string;
  /** Measures the picture without a model. Every frame once, also those never looked at. */
  measure(frame: Frame): Measurement;
  /**
   * Runs the models; measures first if that was not done. One look at a time. Never rejects for a model's failure.
   * `hurried`: the machine does not keep up, and less may be looked for.
   */
  look(frame: Frame, how?: { readonly hurried: boolean }): Promise<Look>;
  /** Measures, and looks if due. */
  process(frame: Frame): Promise<Look & { readonly looked: boolean }>;
  toJSON(): unknown;
}

export function createCabinPipeline(deps: CabinPipelineDeps): CabinPipeline {
  const { liftId, detector, pose, quickDetector = detector } = deps;
  const options = deps.options ?? inferenceOptions();
  const picture = createCabinPicture(options);
  const memory = createCabinMemory(options, picture);
  const onPicture = create(deps.behaviours ?? BEHAVIOURS, 'picture', options);
  const onLook = create(deps.behaviours ?? BEHAVIOURS, 'look', options);
  let busy = false;

  function measure(frame: Frame): Measurement {
    const scene = picture.measure(frame, memory, memory.emptyAt(frame.ts));
    if (!scene) return { scene: stale(frame, picture.last), events: [], due: false };
    return { scene, events: onPicture.flatMap((b) => b.push(scene)), due: memory.due(scene) };
  }

  async function see(frame: Frame, measured: Scene, hurried: boolean): Promise<Look> {
    const plan = memory.plan(measured, hurried);
    const models = { detector: plan.quick ? quickDetector : detector, pose };
    const findings = await runModels(frame, models, plan);
    const { detections, poses, inferences, errors } = findings;
    if (!(plan.detect ? detections : poses)) return { scene: measured, events: [], inferences, errors };
    if (plan.detect) memory.take(measured, findings);
    else memory.follow(measured, poses ?? []);
    const known = { inferred: true, ...(!plan.detect && { posesOnly: true as const }) };
    const scene: Scene = { ...measured, ...known, ...picture.withMotion(memory) };
    const events = onLook.flatMap((b) => b.push(scene));
    memory.note(events);
    return { scene, events, inferences, errors };
  }

  async function look(frame: Frame, { hurried } = { hurried: false }): Promise<Look> {
    if (busy) throw new Error('A cabin pipeline does one look at a time; wait for the one before.');
    busy = true;
    try {
      const before = picture.measured(frame) ? [] : measure(frame).events;
      const measured = picture.measured(frame);
      if (!measured) return { scene: stale(frame, picture.last), events: before, inferences: 0, errors: [] };
      const seen = await see(frame, measured, hurried);
      return before.length > 0 ? { ...seen, events: [...before, ...seen.events] } : seen;
    } finally {
      busy = false;
    }
  }

  return {
    liftId,
    measure,
    look,
    async process(frame) {
      const measured = measure(frame);
      if (!measured.due) return { ...measured, inferences: 0, errors: [], looked: false };
      const seen = await look(frame);
      return { ...seen, events: [...measured.events, ...seen.events], looked: true };
    },
    toJSON: () => ({ liftId, picture, memory, behaviours: [...onPicture, ...onLook] }),
  };
}

/** An overtaken frame shows nothing new: the last scene stands. */
function stale(frame: Frame, last: Scene | undefined): Scene {
  if (last) return last;
  throw new RangeError(`A frame of lift ${frame.liftId} has no valid time: ${frame.ts}.`);
}

function create(
  entries: readonly BehaviourEntry[],
  feed: BehaviourEntry['feed'],
  o: InferenceOptions,
): Behaviour[] {
  return entries.filter((e) => e.feed === feed).map((e) => e.create(o));
}
