import type { Translator } from '../translation.ts';
import { convolutionOps } from './convolution.ts';
import { elementwiseOps } from './elementwise.ts';
import { selectionOps } from './selection.ts';
import { shapeOps } from './shape.ts';

/** Every TensorFlow operation that can be converted, by its name. */
export const TRANSLATORS: Readonly<Record<string, Translator>> = Object.freeze({
  ...convolutionOps,
  ...elementwiseOps,
  ...selectionOps,
  ...shapeOps,
});
