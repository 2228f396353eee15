import { add, IDENTITY, mulQuat, type Quat, rotate, sub, type Vec3 } from '../math.ts';
import type { Bone } from '../people/body.ts';

/** A person's whole posture: where the root joint is, and how every bone is turned against its parent. */
export interface Posture {
  /** World position of the root joint, metres. */
  readonly root: Vec3;
  /** Local rotations by bone index; what is absent is the identity. Index 0 is the root's world rotation. */
  readonly turns: ReadonlyMap<number, Quat>;
}

export interface BoneFrame {
  readonly position: Vec3;
  readonly rotation: Quat;
}

/** The bones of one body with their lookups. Rest rotations are identities, so offsets are differences of heads. */
export class Skeleton {
  readonly bones: readonly Bone[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #offsets: readonly Vec3[];

  constructor(bones: readonly Bone[]) {
    this.bones = bones;
    this.#index = new Map(bones.map((bone, i) => [bone.name, i]));
    this.#offsets = bones.map((bone) => {
      const parent = bones[bone.parent];
      return parent ? sub(bone.head, parent.head) : [0, 0, 0];
    });
  }

  index(name: string): number {
    const found = this.#index.get(name);
    if (found === undefined) throw new RangeError(`the skeleton has no bone ${name}`);
    return found;
  }

  rest(name: string): Vec3 {
    return (this.bones[this.index(name)] as Bone).head;
  }

  /** World frames of all bones. */
  frames(posture: Posture): BoneFrame[] {
    const out: BoneFrame[] = [];
    this.bones.forEach((bone, i) => {
      const turn = posture.turns.get(i) ?? IDENTITY;
      const parent = out[bone.parent];
      if (!parent) out.push({ position: posture.root, rotation: turn });
      else {
        const offset = rotate(parent.rotation, this.#offsets[i] as Vec3);
        out.push({
          position: add(parent.position, offset),
          rotation: turn === IDENTITY ? parent.rotation : mulQuat(parent.rotation, turn),
        });
      }
    });
    return out;
  }
}
