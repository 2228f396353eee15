import { type Static, Type } from 'typebox';
import { closed, number } from '../option-kit.ts';

export const SchedulerOptions = Type.Object(
  {
    concurrency: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 256,
      description:
        'Looks in flight at once, over all cameras. Higher: more cores are used, each look takes longer once they are all busy. About the number of cores.',
    }),
    lookTimeoutSeconds: number(
      10,
      0.1,
      600,
      'How long, s, one look may take before its place is given to another camera. Higher: a hung model blocks the others for longer. Lower: slow machines report errors.',
    ),
  },
  closed,
);
export type SchedulerOptions = Static<typeof SchedulerOptions>;
