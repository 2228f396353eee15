import type { Vec3 } from '../math.ts';

export interface Bone {
  readonly name: string;
  /** Index of the parent, -1 for the root; parents come before their children. */
  readonly parent: number;
  /** Rest position of the joint, metres, person space (feet near y = 0 at rest). */
  readonly head: Vec3;
  readonly tail: Vec3;
}

export type PartKind = 'skin' | 'clothes' | 'shoes' | 'hair' | 'eyes' | 'brows' | 'hat';

/** One skinned surface. Four influences a vertex; rest rotation of every bone is the identity. */
export interface BodyPart {
  readonly kind: PartKind;
  /** Path of the texture under the asset root. */
  readonly texture: string | undefined;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
  readonly skinIndices: Uint16Array;
  readonly skinWeights: Float32Array;
  readonly triangles: Uint32Array;
}

/** Points of the face, in person space at rest, that move with the head. */
export type FacePoint = 'nose' | 'left_eye' | 'right_eye' | 'left_ear' | 'right_ear';

export interface Body {
  readonly bones: readonly Bone[];
  readonly parts: readonly BodyPart[];
  readonly face: Readonly<Record<FacePoint, Vec3>>;
  /** Standing height without hair and shoes, metres. */
  readonly height: number;
}
