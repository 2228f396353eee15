import type { CameraPose, Lens } from '../lens.ts';
import type { Quat, Vec3 } from '../math.ts';
import type { Cabin, Camera, ObjectKind } from '../scenario/schema.ts';

/** Where a typed array lies in the binary file of a body: byte offset and number of elements. */
export type Slice = readonly [offset: number, count: number];

export interface PartManifest {
  readonly kind: string;
  readonly texture: string | undefined;
  readonly positions: Slice;
  readonly normals: Slice;
  readonly uvs: Slice;
  readonly skinIndices: Slice;
  readonly skinWeights: Slice;
  readonly triangles: Slice;
}

export interface PersonSetup {
  /** Marks this person in the mask, 1–255. */
  readonly mask: number;
  readonly url: string;
  readonly bones: readonly { readonly name: string; readonly parent: number; readonly head: Vec3 }[];
  readonly parts: readonly PartManifest[];
  readonly top: string;
  readonly bottom: string;
  readonly hairColour: string;
  readonly hat: string;
  readonly bag: string;
  readonly umbrella: boolean;
  readonly pattern: string;
  /** Rest height at which the bottom colour gives way to the top colour, metres. */
  readonly waist: number;
  readonly seed: number;
}

export interface ThingSetup {
  readonly mask: number;
  readonly kind: ObjectKind;
  readonly colour: string;
  readonly seed: number;
}

export interface StageSetup {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly cabin: Cabin;
  readonly camera: Camera;
  readonly pose: CameraPose;
  readonly lens: Lens;
  readonly people: readonly PersonSetup[];
  readonly things: readonly ThingSetup[];
  readonly antialias: boolean;
}

export interface PersonSolid {
  readonly bone: number;
  readonly points: readonly number[];
  /** It is a phone, and there only while this hand holds it. */
  readonly phone?: 'L' | 'R';
}

/** Points of what is rigid, for the truth's boxes: x y z interleaved. A person's are in the frame of a bone. */
export interface StageSolids {
  readonly people: readonly (readonly PersonSolid[])[];
  readonly things: readonly (readonly number[])[];
}

export interface PersonFrame {
  readonly visible: boolean;
  readonly root: Vec3;
  /** Bone index followed by its quaternion, five numbers a bone. */
  readonly turns: readonly number[];
  /** The hand that holds a phone. */
  readonly phone: 'L' | 'R' | undefined;
}

export interface ThingFrame {
  readonly visible: boolean;
  readonly position: Vec3;
  readonly rotation: Quat;
  readonly rolled: number;
}

export interface StageFrame {
  readonly index: number;
  readonly opening: number;
  readonly light: 'on' | 'off' | 'emergency' | 'flicker' | 'dim';
  readonly infrared: boolean;
  /** 0 clear … 1 fully covered lens. */
  readonly covered: number;
  readonly black: boolean;
  readonly clock: string;
  readonly people: readonly PersonFrame[];
  readonly things: readonly ThingFrame[];
  /** Whether the masks are wanted beside the picture. */
  readonly masks: boolean;
}

/**
 * What the stage posts back, top row first: the picture as RGB; then, with masks, one byte a pixel for the `mask` of what
 * is seen there (0: the cabin), and one byte a pixel for its distance in steps of MASK_RANGE / 255 metres.
 */
export const MASK_RANGE = 8;
