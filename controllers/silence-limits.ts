import { CAR_FIELDS, type CarField } from '../core/index.ts';
import type { ControllerOptions, LiftControllerOptions } from './options.ts';
import type { SilenceLimits } from './tracker/tracker-types.ts';

/** The limits of each lift; lifts with the same share one object. */
export function createSilenceLimits(
  options: Pick<ControllerOptions, 'unknownAfter' | 'silentAfter' | 'willGrace'>,
): (lift: Pick<LiftControllerOptions, 'unknownAfter' | 'silentAfter'>) => SilenceLimits {
  const known = new Map<string, SilenceLimits>();
  return ({ unknownAfter: own, silentAfter = options.silentAfter }) => {
    const key = own === undefined ? String(silentAfter) : JSON.stringify([silentAfter, own]);
    const limits = known.get(key) ?? {
      unknownAfterMs: Object.fromEntries(
        CAR_FIELDS.map((field) => [field, (own?.[field] ?? options.unknownAfter[field]) * 1000]),
      ) as Record<CarField, number>,
      silentAfterMs: silentAfter * 1000,
      graceMs: options.willGrace * 1000,
    };
    known.set(key, limits);
    return limits;
  };
}
