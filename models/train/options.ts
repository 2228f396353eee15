import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError } from '../../core/index.ts';

/** How a head is trained. */
export const TrainOptions = Type.Object({
  seed: Type.Integer({
    default: 1,
    minimum: 0,
    description: 'Of everything random: the same data and seed give the same weights on the same processor.',
  }),
  variants: Type.Integer({
    default: 3,
    minimum: 1,
    maximum: 100,
    description:
      'How many altered copies of each picture are learnt from. More: surer on cameras it has not seen; time and disk (0.6 MB a copy) in proportion.',
  }),
  epochs: Type.Integer({
    default: 12,
    minimum: 1,
    maximum: 1000,
    description:
      'How often each copy is looked at. More: fits the pictures more closely, and their quirks too.',
  }),
  batch: Type.Integer({
    default: 24,
    minimum: 1,
    maximum: 256,
    description: 'Pictures a step. More: steadier steps, fewer of them, more memory.',
  }),
  rate: Type.Number({
    default: 0.002,
    exclusiveMinimum: 0,
    maximum: 1,
    description: 'Highest learning rate of the cycle. Higher: quicker, until it diverges.',
  }),
  decay: Type.Number({
    default: 0.01,
    minimum: 0,
    maximum: 1,
    description: 'Decay of the weights (AdamW). Higher: simpler heads that fit less.',
  }),
  hidden: Type.Integer({
    default: 48,
    minimum: 4,
    maximum: 256,
    description: "Channels of the head's layers. More: fits more; time with the square.",
  }),
});

export type TrainOptions = Static<typeof TrainOptions>;

/** @throws CabinwatchError CONFIG_INVALID that lists every wrong option */
export function trainOptions(input: Partial<TrainOptions>): TrainOptions {
  const known = Object.fromEntries(
    Object.keys(TrainOptions.properties)
      .map((key) => [key, input[key as keyof TrainOptions]] as const)
      .filter(([, value]) => value !== undefined),
  );
  const value = Value.Default(TrainOptions, known);
  const errors = [...Value.Errors(TrainOptions, value)];
  if (errors.length === 0) return value as TrainOptions;
  const faults = errors.map((error) => `--${error.instancePath.slice(1)} ${error.message}`);
  throw new CabinwatchError('CONFIG_INVALID', faults.join('\n'));
}
