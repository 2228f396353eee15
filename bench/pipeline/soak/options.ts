import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly minutes: number;
  readonly cameras: number;
  readonly mix: number;
  /** Seconds from one trouble to the next. */
  readonly every: number;
  readonly seed: number;
  /** What concerns the clips, for `benchOptions`. */
  readonly clips: readonly string[];
}

export const USAGE = `npx tsx bench/pipeline/soak.ts [options]
  --minutes 3      length
  --cameras 8      how many
  --mix 0.25       share of the cabins in which somebody moves
  --every 10       seconds from one trouble to the next
  --seed 1         which troubles
  --active, --empty, --clip-seconds   as in run.ts`;

const text = (value: string): { type: 'string'; default: string } => ({ type: 'string', default: value });

/** Undefined when asked for help. @throws Error for what it does not know */
export function soakOptions(argv: readonly string[]): SoakOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: text('3'),
      cameras: text('8'),
      mix: text('0.25'),
      every: text('10'),
      seed: text('1'),
      active: { type: 'string' },
      empty: { type: 'string' },
      'clip-seconds': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const number = (key: 'minutes' | 'cameras' | 'mix' | 'every' | 'seed'): number => {
    const value = Number(values[key]);
    if (!(value >= 0)) throw new Error(`--${key} ${values[key]} is no number.\n${USAGE}`);
    return value;
  };
  const clips = (['active', 'empty', 'clip-seconds'] as const).flatMap((key) =>
    values[key] === undefined ? [] : [`--${key}`, values[key]],
  );
  return {
    minutes: number('minutes'),
    cameras: number('cameras'),
    mix: number('mix'),
    every: number('every'),
    seed: number('seed'),
    clips,
  };
}
