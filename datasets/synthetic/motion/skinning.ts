import type { BodyPart, Bone } from '../people/body.ts';
import type { BoneFrame } from './skeleton.ts';

/** Row-major 3×4 matrices that carry rest positions into the world, twelve numbers a bone. */
export function skinMatrices(bones: readonly Bone[], frames: readonly BoneFrame[]): Float64Array {
  const out = new Float64Array(bones.length * 12);
  frames.forEach(({ position, rotation: [x, y, z, w] }, i) => {
    const head = (bones[i] as Bone).head;
    const m = [
      1 - 2 * (y * y + z * z),
      2 * (x * y - z * w),
      2 * (x * z + y * w),
      2 * (x * y + z * w),
      1 - 2 * (x * x + z * z),
      2 * (y * z - x * w),
      2 * (x * z - y * w),
      2 * (y * z + x * w),
      1 - 2 * (x * x + y * y),
    ];
    for (let r = 0; r < 3; r++) {
      const [a, b, c] = [m[r * 3] as number, m[r * 3 + 1] as number, m[r * 3 + 2] as number];
      out.set([a, b, c, (position[r] as number) - a * head[0] - b * head[1] - c * head[2]], i * 12 + r * 4);
    }
  });
  return out;
}

/** Linear blend skinning of every `stride`-th vertex; the result is x y z interleaved, world metres. */
export function skin(part: BodyPart, matrices: Float64Array, stride = 1): Float32Array {
  const count = Math.ceil(part.positions.length / 3 / stride);
  const out = new Float32Array(count * 3);
  for (let k = 0; k < count; k++) {
    const v = k * stride;
    const x = part.positions[v * 3] as number;
    const y = part.positions[v * 3 + 1] as number;
    const z = part.positions[v * 3 + 2] as number;
    let ox = 0;
    let oy = 0;
    let oz = 0;
    for (let j = v * 4; j < v * 4 + 4; j++) {
      const weight = part.skinWeights[j] as number;
      if (weight === 0) continue;
      const m = (part.skinIndices[j] as number) * 12;
      ox +=
        weight *
        ((matrices[m] as number) * x +
          (matrices[m + 1] as number) * y +
          (matrices[m + 2] as number) * z +
          (matrices[m + 3] as number));
      oy +=
        weight *
        ((matrices[m + 4] as number) * x +
          (matrices[m + 5] as number) * y +
          (matrices[m + 6] as number) * z +
          (matrices[m + 7] as number));
      oz +=
        weight *
        ((matrices[m + 8] as number) * x +
          (matrices[m + 9] as number) * y +
          (matrices[m + 10] as number) * z +
          (matrices[m + 11] as number));
    }
    out[k * 3] = ox;
    out[k * 3 + 1] = oy;
    out[k * 3 + 2] = oz;
  }
  return out;
}
