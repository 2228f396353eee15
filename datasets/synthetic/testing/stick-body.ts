import { add, type Vec3 } from '../math.ts';
import type { Body, BodyPart, Bone } from '../people/body.ts';

/** Joints of a person of 1.7 m in plain numbers: [bone, parent, x, y, z]. Arms hang at 45°, as in the real rig. */
const JOINTS: readonly (readonly [string, string, number, number, number])[] = [
  ['root', '', 0, 0.95, -0.06],
  ['spine05', 'root', 0, 0.96, -0.01],
  ['spine04', 'spine05', 0, 1.05, -0.03],
  ['spine03', 'spine04', 0, 1.14, -0.05],
  ['spine02', 'spine03', 0, 1.22, -0.06],
  ['spine01', 'spine02', 0, 1.3, -0.05],
  ['neck01', 'spine01', 0, 1.48, 0],
  ['neck02', 'neck01', 0, 1.5, 0.01],
  ['neck03', 'neck02', 0, 1.53, 0.02],
  ['head', 'neck03', 0, 1.57, 0.03],
  ...(['L', 'R'] as const).flatMap((side) => {
    const s = side === 'L' ? 1 : -1;
    const limb = (bone: string, parent: string, x: number, y: number, z: number) =>
      [`${bone}.${side}`, parent, s * x, y, z] as const;
    return [
      limb('pelvis', 'root', 0, 0.96, -0.01),
      limb('upperleg01', `pelvis.${side}`, 0.1, 0.95, -0.01),
      limb('upperleg02', `upperleg01.${side}`, 0.11, 0.87, 0),
      limb('lowerleg01', `upperleg02.${side}`, 0.14, 0.51, 0.02),
      limb('lowerleg02', `lowerleg01.${side}`, 0.15, 0.3, 0.01),
      limb('foot', `lowerleg02.${side}`, 0.18, 0.1, 0),
      limb('toe1-1', `foot.${side}`, 0.16, 0.03, 0.14),
      limb('clavicle', 'spine01', 0.02, 1.44, 0.01),
      limb('shoulder01', `clavicle.${side}`, 0.1, 1.45, 0.01),
      limb('upperarm01', `shoulder01.${side}`, 0.18, 1.41, 0.01),
      limb('upperarm02', `upperarm01.${side}`, 0.22, 1.36, 0.01),
      limb('lowerarm01', `upperarm02.${side}`, 0.35, 1.22, 0.01),
      limb('lowerarm02', `lowerarm01.${side}`, 0.42, 1.16, 0.1),
      limb('wrist', `lowerarm02.${side}`, 0.48, 1.09, 0.2),
      ...[1, 2, 3, 4, 5].flatMap((f) =>
        [1, 2, 3].map((k) =>
          limb(
            `finger${f}-${k}`,
            k === 1 ? `wrist.${side}` : `finger${f}-${k - 1}.${side}`,
            0.5 + k * 0.01,
            1.06 - k * 0.02,
            0.24 + k * 0.02,
          ),
        ),
      ),
    ];
  }),
];

/** A person made of boxes about the bones: all that motion, truth and their tests need, and nothing fetched. */
export function stickBody(): Body {
  const index = new Map(JOINTS.map(([name], i) => [name, i]));
  const bones: Bone[] = JOINTS.map(([name, parent, x, y, z]) => ({
    name,
    parent: index.get(parent) ?? -1,
    head: [x, y, z],
    tail: [x, y, z],
  }));
  const thick: Readonly<Record<string, number>> = {
    root: 0.1,
    spine03: 0.12,
    spine01: 0.13,
    head: 0.1,
    foot: 0.05,
  };
  const boxes = bones.map((bone, i) => ({
    bone: i,
    at: bone.name === 'head' ? add(bone.head, [0, 0.08, 0]) : bone.head,
    half: thick[bone.name.split('.')[0] ?? ''] ?? 0.03,
  }));
  // The soles touch the floor.
  for (const side of ['L', 'R']) {
    const foot = index.get(`foot.${side}`) ?? 0;
    const [x] = bones[foot]?.head ?? [0, 0, 0];
    boxes.push({ bone: foot, at: [x, 0.03, 0.05], half: 0.03 });
  }
  return {
    bones,
    parts: [boxPart(boxes)],
    face: {
      nose: [0, 1.6, 0.14],
      left_eye: [0.03, 1.63, 0.12],
      right_eye: [-0.03, 1.63, 0.12],
      left_ear: [0.08, 1.62, 0.03],
      right_ear: [-0.08, 1.62, 0.03],
    },
    height: 1.7,
  };
}

function boxPart(boxes: readonly { bone: number; at: Vec3; half: number }[]): BodyPart {
  const positions: number[] = [];
  const skinIndices: number[] = [];
  const triangles: number[] = [];
  for (const { bone, at, half } of boxes) {
    const first = positions.length / 3;
    for (let corner = 0; corner < 8; corner++) {
      positions.push(
        at[0] + (corner & 1 ? half : -half),
        at[1] + (corner & 2 ? half : -half),
        at[2] + (corner & 4 ? half : -half),
      );
      skinIndices.push(bone, 0, 0, 0);
    }
    for (const [a, b, c, d] of [
      [0, 1, 3, 2],
      [4, 5, 7, 6],
      [0, 1, 5, 4],
      [2, 3, 7, 6],
      [0, 2, 6, 4],
      [1, 3, 7, 5],
    ] as const) {
      triangles.push(first + a, first + b, first + c, first + a, first + c, first + d);
    }
  }
  const count = positions.length / 3;
  return {
    kind: 'clothes',
    texture: undefined,
    positions: Float32Array.from(positions),
    normals: new Float32Array(count * 3),
    uvs: new Float32Array(count * 2),
    skinIndices: Uint16Array.from(skinIndices),
    skinWeights: Float32Array.from(Array.from({ length: count }, () => [1, 0, 0, 0]).flat()),
    triangles: Uint32Array.from(triangles),
  };
}
