import type { Box } from '../../core/index.ts';

/** Row `i` of a packed list of x1, y1, x2, y2. */
export function boxAt(boxes: Float32Array, i: number): Box {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(i * 4, i * 4 + 4);
  return { x1, y1, x2, y2 };
}
