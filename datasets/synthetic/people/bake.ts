import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Vec3 } from '../math.ts';
import type { Body, BodyPart, Bone, FacePoint, PartKind } from './body.ts';
import type { MakeHuman, MeshFile } from './makehuman.ts';

/** Decimetres in the package, metres here. */
const METRE = 0.1;
const TARGET_UNIT = 1e-3;
const BODY_MATERIAL = 0;

export interface BodySpec {
  readonly sex: 'female' | 'male';
  readonly age: 'child' | 'young' | 'middle' | 'old';
  readonly ethnicity: 'asian' | 'caucasian' | 'african';
  /** Standing height, metres. */
  readonly height: number;
  readonly build: 'slim' | 'average' | 'heavy';
  readonly wears: readonly { readonly kind: PartKind; readonly proxy: string; readonly texture?: string }[];
  /** Path of the skin texture under the asset root. */
  readonly skin: string;
}

/** Shapes a body of the given height, fits the clothes to it and drops the skin they hide. */
export function bakeBody(mh: MakeHuman, spec: BodySpec): Body {
  const shape = morphs(spec);
  const vertices = shapeVertices(mh, shape, solveHeight(mh, shape, spec));
  const worn = spec.wears.map((w) => ({ ...w, mesh: mh.proxy(w.proxy) }));
  const bones = readBones(mh, vertices);
  const boneOf = boneIndexMap(mh, bones);
  const hidden = hiddenVertices(
    mh.base,
    worn.map((w) => w.mesh),
  );
  const parts: BodyPart[] = [
    buildPart('skin', spec.skin, mh.base, vertices, boneOf, (material, face) => {
      return material === BODY_MATERIAL && !face.every((v) => hidden[v]);
    }),
  ];
  for (const { kind, proxy, texture, mesh } of worn) {
    parts.push(buildPart(kind, texture ?? proxyTexture(mh, proxy, mesh), mesh, fit(mesh, vertices), boneOf));
  }
  return standOnGround({ bones, parts, face: facePoints(mh, vertices), height: spec.height });
}

/** The package's origin is inside the pelvis; ours is on the floor, under the soles. */
function standOnGround(body: Body): Body {
  let lowest = Infinity;
  for (const part of body.parts) {
    for (let i = 1; i < part.positions.length; i += 3) lowest = Math.min(lowest, part.positions[i] as number);
  }
  const lift = (p: Vec3): Vec3 => [p[0], p[1] - lowest, p[2]];
  for (const part of body.parts) {
    for (let i = 1; i < part.positions.length; i += 3)
      part.positions[i] = (part.positions[i] as number) - lowest;
  }
  const face = Object.fromEntries(Object.entries(body.face).map(([k, p]) => [k, lift(p)])) as Body['face'];
  return {
    ...body,
    face,
    bones: body.bones.map((b) => ({ ...b, head: lift(b.head), tail: lift(b.tail) })),
  };
}

type Morphs = Record<string, number>;

function morphs(spec: BodySpec): { set: Morphs; height: (up: boolean) => string } {
  // The package has no middle-aged shape: halfway between young and old.
  const ages: readonly (readonly [string, number])[] =
    spec.age === 'middle'
      ? [
          ['young', 0.6],
          ['old', 0.4],
        ]
      : [[spec.age, 1]];
  const weight = { slim: 'min', average: 'average', heavy: 'max' }[spec.build];
  const set: Morphs = {};
  for (const [age, share] of ages) {
    set[`macrodetails/${spec.ethnicity}-${spec.sex}-${age}`] = share;
    set[`macrodetails/universal-${spec.sex}-${age}-averagemuscle-averageweight`] =
      share * (weight === 'average' ? 1 : 0.45);
    if (weight !== 'average') {
      set[`macrodetails/universal-${spec.sex}-${age}-averagemuscle-${weight}weight`] = share * 0.55;
    }
  }
  const main = ages[0]?.[0] ?? 'young';
  const height = (up: boolean): string =>
    `macrodetails/height/${spec.sex}-${main}-averagemuscle-averageweight-${up ? 'max' : 'min'}height`;
  return { set, height };
}

/** The height morph's weight (negative: shorter) for the wanted metres: fixed weights give 1.4 to 2.0 m. */
function solveHeight(mh: MakeHuman, shape: ReturnType<typeof morphs>, spec: BodySpec): number {
  const body = bodyVertices(mh.base);
  const standing = (weight: number): number => {
    const v = shapeVertices(mh, shape, weight);
    let lo = Infinity;
    let hi = -Infinity;
    for (const i of body) {
      lo = Math.min(lo, v[i * 3 + 1] as number);
      hi = Math.max(hi, v[i * 3 + 1] as number);
    }
    return (hi - lo) * METRE;
  };
  // Linear on either side of zero, so two samples give the answer.
  const middle = standing(0);
  const end = spec.height >= middle ? 1 : -1;
  const reach = standing(end) - middle;
  const weight = Math.abs(reach) > 1e-6 ? ((spec.height - middle) / reach) * end : 0;
  return Math.max(-1.6, Math.min(1.6, weight));
}

function shapeVertices(mh: MakeHuman, shape: ReturnType<typeof morphs>, heightWeight: number): Float64Array {
  const out = Float64Array.from(mh.base.vertices);
  const all = { ...shape.set, [shape.height(heightWeight >= 0)]: Math.abs(heightWeight) };
  for (const [name, weight] of Object.entries(all)) {
    if (weight === 0) continue;
    const delta = mh.target(name);
    for (let i = 0; i < out.length; i++)
      out[i] = (out[i] as number) + (delta[i] as number) * TARGET_UNIT * weight;
  }
  return out;
}

/** Faces of the base mesh are all quads with material and texture coordinates: ten integers each. */
function bodyVertices(base: MeshFile): number[] {
  const used = new Set<number>();
  for (let i = 0; i < base.faces.length; i += 10) {
    if (base.faces[i + 5] !== BODY_MATERIAL) continue;
    for (let k = 1; k <= 4; k++) used.add(base.faces[i + k] as number);
  }
  return [...used];
}

const boneName = (joint: string): string => joint.replace(/____(head|tail)$/, '');

/** The rig lists a head and a tail joint for each bone; skinning wants one bone with both ends. */
function readBones(mh: MakeHuman, vertices: Float64Array): Bone[] {
  const joints = mh.base.bones;
  const names = [...new Set(joints.map((j) => boneName(j.name)))];
  const index = new Map(names.map((name, i) => [name, i]));
  const jointIndex = new Map(joints.map((j, i) => [j.name, i]));
  const at = (joint: string): Vec3 => {
    const ids = mh.base.metadata.joint_pos_idxs?.[joint] ?? [];
    const sum = [0, 0, 0];
    for (const id of ids)
      for (let c = 0; c < 3; c++) sum[c] = (sum[c] as number) + (vertices[id * 3 + c] as number);
    return [0, 1, 2].map((c) => ((sum[c] as number) / Math.max(1, ids.length)) * METRE) as unknown as Vec3;
  };
  return names.map((name) => {
    let parent = -1;
    let joint = joints[jointIndex.get(`${name}____head`) ?? -1];
    while (joint && joint.parent >= 0) {
      joint = joints[joint.parent];
      const above = joint ? boneName(joint.name) : name;
      if (above !== name) {
        parent = index.get(above) ?? -1;
        break;
      }
    }
    return { name, parent, head: at(`${name}____head`), tail: at(`${name}____tail`) };
  });
}

function boneIndexMap(mh: MakeHuman, bones: readonly Bone[]): number[] {
  const index = new Map(bones.map((b, i) => [b.name, i]));
  return mh.base.bones.map((joint) => index.get(boneName(joint.name)) ?? 0);
}

function hiddenVertices(base: MeshFile, clothes: readonly MeshFile[]): Uint8Array {
  const hidden = new Uint8Array(base.vertices.length / 3);
  for (const mesh of clothes) {
    mesh.metadata.deleteVerts?.forEach((gone, v) => {
      if (gone) hidden[v] = 1;
    });
  }
  return hidden;
}

/** A garment's vertex rides on three body vertices, with an offset. */
function fit(mesh: MeshFile, body: Float64Array): Float64Array {
  const { ref_vIdxs: refs = [], weights = [], offsets = [] } = mesh.metadata;
  const out = new Float64Array(refs.length * 3);
  refs.forEach((ref, i) => {
    for (let c = 0; c < 3; c++) {
      let value = offsets[i]?.[c] ?? 0;
      for (let k = 0; k < 3; k++)
        value += (weights[i]?.[k] ?? 0) * (body[(ref[k] as number) * 3 + c] as number);
      out[i * 3 + c] = value;
    }
  });
  return out;
}

function proxyTexture(mh: MakeHuman, proxy: string, mesh: MeshFile): string | undefined {
  const file = mesh.materials[0]?.mapDiffuse;
  if (!file) return undefined;
  const path = `proxies/${proxy}/${file}`;
  return existsSync(join(mh.root, path)) ? path : `proxies/${proxy}/textures/${basename(file)}`;
}

/** Bits of a three.js JSON face: quad, has material, has texture coordinates. */
const QUAD = 1;
const MATERIAL = 2;
const TEXTURED = 8;

function buildPart(
  kind: PartKind,
  texture: string | undefined,
  mesh: MeshFile,
  vertices: Float64Array,
  boneOf: readonly number[],
  keep: (material: number, face: readonly number[]) => boolean = () => true,
): BodyPart {
  const uv = mesh.uvs[0] ?? [];
  const perVertex = mesh.influencesPerVertex ?? 4;
  const positions: number[] = [];
  const uvs: number[] = [];
  const skinIndices: number[] = [];
  const skinWeights: number[] = [];
  const triangles: number[] = [];
  const source: number[] = [];
  const known = new Map<number, number>();
  const corner = (v: number, t: number): number => {
    const key = v * 1_000_000 + t;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const id = source.length;
    known.set(key, id);
    source.push(v);
    for (let c = 0; c < 3; c++) positions.push((vertices[v * 3 + c] as number) * METRE);
    uvs.push(uv[t * 2] ?? 0, uv[t * 2 + 1] ?? 0);
    let total = 0;
    for (let k = 0; k < Math.min(4, perVertex); k++) total += mesh.skinWeights[v * perVertex + k] ?? 0;
    for (let k = 0; k < 4; k++) {
      const used = k < perVertex;
      skinIndices.push(used ? (boneOf[mesh.skinIndices[v * perVertex + k] ?? 0] ?? 0) : 0);
      skinWeights.push(
        total > 0 ? (used ? (mesh.skinWeights[v * perVertex + k] ?? 0) / total : 0) : k === 0 ? 1 : 0,
      );
    }
    return id;
  };
  for (let i = 0; i < mesh.faces.length; ) {
    const type = mesh.faces[i++] as number;
    const n = type & QUAD ? 4 : 3;
    const vs = mesh.faces.slice(i, i + n);
    i += n;
    const material = type & MATERIAL ? (mesh.faces[i++] as number) : 0;
    const ts = type & TEXTURED ? mesh.faces.slice(i, i + n) : [];
    if (type & TEXTURED) i += n;
    if (!keep(material, vs)) continue;
    const ids = vs.map((v, k) => corner(v, ts[k] ?? 0));
    triangles.push(ids[0] as number, ids[1] as number, ids[2] as number);
    if (n === 4) triangles.push(ids[0] as number, ids[2] as number, ids[3] as number);
  }
  return {
    kind,
    texture,
    positions: Float32Array.from(positions),
    normals: smoothNormals(positions, triangles, source, vertices.length),
    uvs: Float32Array.from(uvs),
    skinIndices: Uint16Array.from(skinIndices),
    skinWeights: Float32Array.from(skinWeights),
    triangles: Uint32Array.from(triangles),
  };
}

/** Normals are summed over the mesh's own vertices, so that texture seams don't show as creases. */
function smoothNormals(
  positions: readonly number[],
  triangles: readonly number[],
  source: readonly number[],
  size: number,
): Float32Array {
  const sums = new Float64Array(size);
  const at = (i: number, c: number): number => positions[i * 3 + c] as number;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [triangles[i] as number, triangles[i + 1] as number, triangles[i + 2] as number];
    const u = [at(b, 0) - at(a, 0), at(b, 1) - at(a, 1), at(b, 2) - at(a, 2)] as const;
    const w = [at(c, 0) - at(a, 0), at(c, 1) - at(a, 1), at(c, 2) - at(a, 2)] as const;
    const n = [u[1] * w[2] - u[2] * w[1], u[2] * w[0] - u[0] * w[2], u[0] * w[1] - u[1] * w[0]] as const;
    for (const corner of [a, b, c]) {
      for (let k = 0; k < 3; k++) {
        const slot = (source[corner] as number) * 3 + k;
        sums[slot] = (sums[slot] as number) + (n[k] as number);
      }
    }
  }
  const out = new Float32Array(source.length * 3);
  source.forEach((v, i) => {
    const n = [sums[v * 3] as number, sums[v * 3 + 1] as number, sums[v * 3 + 2] as number] as const;
    const l = Math.hypot(n[0], n[1], n[2]) || 1;
    for (let k = 0; k < 3; k++) out[i * 3 + k] = (n[k] as number) / l;
  });
  return out;
}

/** Nose: the foremost skin near the middle of the face; ears: the outermost skin at eye level; eyes: where they turn. */
function facePoints(mh: MakeHuman, vertices: Float64Array): Record<FacePoint, Vec3> {
  const body = bodyVertices(mh.base);
  const bones = readBones(mh, vertices);
  // The bone's head is the middle of the eyeball; its tail floats before the face.
  const eye = (side: 'L' | 'R'): Vec3 => bones.find((b) => b.name === `eye.${side}`)?.head ?? [0, 0, 0];
  const level = eye('L')[1];
  let nose: Vec3 = [0, level, 0];
  let left: Vec3 = [0, level, 0];
  let right: Vec3 = [0, level, 0];
  for (const v of body) {
    const p: Vec3 = [0, 1, 2].map((c) => (vertices[v * 3 + c] as number) * METRE) as unknown as Vec3;
    if (p[1] < level - 0.075 || p[1] > level + 0.02) continue;
    if (Math.abs(p[0]) < 0.01 && p[2] > nose[2]) nose = p;
    if (p[0] > left[0] && p[2] > -0.1) left = p;
    if (p[0] < right[0] && p[2] > -0.1) right = p;
  }
  return { nose, left_eye: eye('L'), right_eye: eye('R'), left_ear: left, right_ear: right };
}
