import { CAR_FIELDS, type CarField } from '../../core/index.ts';
import type { SilenceLimits } from '../tracker/tracker-types.ts';

/** Motion and doors unknown after 20 s, the rest and the link after 60 s; or all fields alike. */
export function testLimits(
  given: { readonly unknownAfterMs?: number; readonly silentAfterMs?: number } = {},
): SilenceLimits {
  const quick: readonly CarField[] = ['door', 'doorZone', 'direction', 'speed'];
  const unknownAfterMs = Object.fromEntries(
    CAR_FIELDS.map((field) => [field, given.unknownAfterMs ?? (quick.includes(field) ? 20_000 : 60_000)]),
  ) as Record<CarField, number>;
  return { unknownAfterMs, silentAfterMs: given.silentAfterMs ?? 60_000, graceMs: 10_000 };
}
