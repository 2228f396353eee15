import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../core/index.ts';
import { DEFAULT_VISION_MODELS } from '../../inference/index.ts';

export interface BenchOptions {
  readonly cameras: readonly number[];
  readonly fps: readonly number[];
  /** Shares of the cabins in which somebody moves. */
  readonly mix: readonly number[];
  readonly seconds: number;
  readonly warmup: number;
  readonly rounds: number;
  readonly workers: number;
  /** Id of the built model that finds people and things. */
  readonly detector: string;
  /** Id of the one that takes its place when time is short. */
  readonly quickDetector: string;
  readonly bare: boolean;
  readonly active: readonly string[];
  readonly empty: readonly string[];
  readonly clipSeconds: number;
  readonly json: string | undefined;
  readonly profile: string | undefined;
}

export const USAGE = `npx tsx bench/pipeline/run.ts [options]
  --cameras 16        how many; a list (8,16,32) runs one after another
  --fps 5             pictures a second asked of each camera, and looks at an active cabin; a list
  --mix 0.33          share of the cabins in which somebody moves; a list
  --seconds 60        length of one window of measurement
  --warmup 10         seconds before it, after the last camera is online
  --rounds 1          windows of each side, in turn
  --workers 2         threads that run models, and looks in flight
  --detector ID       default: the service's own
  --quick ID          what takes its place when time is short; default: the service's own, nanodet-g-int8
  --no-bare           without the bare minimum beside it
  --active FILE,…     clips with somebody moving; a part: FILE#t=FROM,TO
  --empty FILE,…      clips of empty cabins
  --clip-seconds 40   length of the loop that a camera plays
  --json FILE         all figures as JSON, too
  --profile FILE      .cpuprofile of the pipeline's main thread, for the DevTools of a browser`;

const CLIPS = path.join(projectRoot(), 'datasets', 'synthetic', 'clips');
const synthetic = (name: string, from: number, to: number): string =>
  `${path.join(CLIPS, name, 'clip.mp4')}#t=${from},${to}`;
/** People getting in and out, riding, falling, pushing an e-bike; and the same cabins before anybody comes. */
const ACTIVE = [
  synthetic('ordinary-ride', 3, 49),
  synthetic('ebike-in-out', 3.5, 34),
  synthetic('fall', 3, 20),
];
const EMPTY = [synthetic('ordinary-ride', 0, 1.9), synthetic('fall', 0, 1.9)];

/** @throws Error with the usage for anything it does not know */
export function benchOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    allowNegative: true,
    options: {
      cameras: { type: 'string', default: '16' },
      fps: { type: 'string', default: '5' },
      mix: { type: 'string', default: '0.33' },
      seconds: { type: 'string', default: '60' },
      warmup: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      detector: { type: 'string', default: DEFAULT_VISION_MODELS.detector },
      quick: { type: 'string', default: DEFAULT_VISION_MODELS.quickDetector },
      bare: { type: 'boolean', default: true },
      active: { type: 'string' },
      empty: { type: 'string' },
      'clip-seconds': { type: 'string', default: '40' },
      json: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  return {
    cameras: numbers(values.cameras),
    fps: numbers(values.fps),
    mix: numbers(values.mix),
    seconds: number(values.seconds),
    warmup: number(values.warmup),
    rounds: number(values.rounds),
    workers: number(values.workers),
    detector: values.detector,
    quickDetector: values.quick,
    bare: values.bare,
    active: values.active?.split(/,(?=[^,]*[^\d.,])/) ?? ACTIVE,
    empty: values.empty?.split(/,(?=[^,]*[^\d.,])/) ?? EMPTY,
    clipSeconds: number(values['clip-seconds']),
    json: values.json,
    profile: values.profile,
  };
}

const numbers = (text: string): number[] => text.split(',').map(number);

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new Error(`"${text}" is no number.\n${USAGE}`);
  return value;
}
