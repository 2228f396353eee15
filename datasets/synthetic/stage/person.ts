import * as THREE from 'three';
import { createRandom } from '../random.ts';
import { surface, throughLens } from './lens-material.ts';
import { meshPoints } from './points.ts';
import type { PersonFrame, PersonSetup, Slice } from './protocol.ts';
import { loadTexture, meanLuminance } from './textures.ts';

/** A person on the stage: bones that follow the frames, and skinned surfaces. */
export class StagePerson {
  readonly group = new THREE.Group();
  readonly #bones: THREE.Bone[];
  readonly #turned = new Set<number>();
  readonly #worn: { bone: number; mesh: THREE.Mesh }[] = [];

  private constructor(bones: THREE.Bone[]) {
    this.#bones = bones;
  }

  static async load(setup: PersonSetup): Promise<StagePerson> {
    const buffer = await (await fetch(setup.url)).arrayBuffer();
    const bones = setup.bones.map((b) => {
      const bone = new THREE.Bone();
      bone.name = b.name;
      return bone;
    });
    const person = new StagePerson(bones);
    setup.bones.forEach((b, i) => {
      const bone = bones[i] as THREE.Bone;
      const parent = setup.bones[b.parent];
      const from = parent?.head ?? [0, 0, 0];
      bone.position.set(b.head[0] - from[0], b.head[1] - from[1], b.head[2] - from[2]);
      (parent ? (bones[b.parent] as THREE.Bone) : person.group).add(bone);
    });
    person.group.updateMatrixWorld(true);
    const skeleton = new THREE.Skeleton(bones);
    for (const part of setup.parts) {
      const geometry = new THREE.BufferGeometry();
      const floats = (slice: Slice): Float32Array => new Float32Array(buffer, slice[0], slice[1]);
      const shorts = (slice: Slice): Uint16Array => new Uint16Array(buffer, slice[0], slice[1]);
      geometry.setAttribute('position', new THREE.BufferAttribute(floats(part.positions), 3));
      geometry.setAttribute('normal', new THREE.BufferAttribute(floats(part.normals), 3));
      geometry.setAttribute('uv', new THREE.BufferAttribute(floats(part.uvs), 2));
      geometry.setAttribute('skinIndex', new THREE.BufferAttribute(shorts(part.skinIndices), 4));
      geometry.setAttribute('skinWeight', new THREE.BufferAttribute(floats(part.skinWeights), 4));
      geometry.setIndex(
        new THREE.BufferAttribute(new Uint32Array(buffer, part.triangles[0], part.triangles[1]), 1),
      );
      const texture = part.texture ? await loadTexture(`/assets/${part.texture}`) : undefined;
      const mesh = new THREE.SkinnedMesh(geometry, partMaterial(part.kind, texture, setup));
      mesh.bind(skeleton, new THREE.Matrix4());
      mesh.frustumCulled = false;
      mesh.castShadow = part.kind !== 'eyes' && part.kind !== 'brows';
      mesh.receiveShadow = true;
      person.group.add(mesh);
    }
    person.#accessories(setup);
    return person;
  }

  apply(frame: PersonFrame): void {
    this.group.visible = frame.visible;
    if (!frame.visible) return;
    for (const i of this.#turned) this.#bones[i]?.quaternion.identity();
    this.#turned.clear();
    this.#bones[0]?.position.set(...frame.root);
    for (let k = 0; k < frame.turns.length; k += 5) {
      const [i, x, y, z, w] = frame.turns.slice(k, k + 5) as [number, number, number, number, number];
      this.#bones[i]?.quaternion.set(x, y, z, w);
      this.#turned.add(i);
    }
  }

  /** The points of what is worn rigidly, each in the frame of its bone. */
  solids(): { bone: number; points: number[] }[] {
    return this.#worn.map(({ bone, mesh }) => {
      mesh.updateMatrix();
      return { bone, points: meshPoints(mesh, mesh.matrix) };
    });
  }

  bone(name: string): THREE.Bone {
    return this.#bones.find((b) => b.name === name) as THREE.Bone;
  }

  #accessories(setup: PersonSetup): void {
    const random = createRandom(setup.seed);
    const colour = random.pick([0x1b1b1d, 0x8c2f2b, 0x2b4a8c, 0xd8d4c8, 0xb9a13a, 0x3c6e52, 0xd77fa1]);
    const add = (
      bone: string,
      geometry: THREE.BufferGeometry,
      tint: number,
      at: readonly [number, number, number],
      shiny = false,
    ): THREE.Mesh => {
      const mesh = new THREE.Mesh(geometry, surface({ color: tint, shiny, roughness: 0.35 }));
      mesh.position.set(...at);
      mesh.castShadow = mesh.receiveShadow = true;
      mesh.frustumCulled = false;
      this.bone(bone).add(mesh);
      this.#worn.push({ bone: this.#bones.indexOf(this.bone(bone)), mesh });
      return mesh;
    };
    if (setup.hat === 'helmet') {
      add(
        'head',
        new THREE.SphereGeometry(0.148, 24, 16, 0, Math.PI * 2, 0, 1.9),
        colour,
        [0, 0.095, 0.02],
        true,
      ).scale.set(0.95, 1, 1.12);
      const visor = add(
        'head',
        new THREE.SphereGeometry(0.15, 20, 8, Math.PI * 1.15, Math.PI * 0.7, 1.2, 0.6),
        0x16181c,
        [0, 0.095, 0.03],
        true,
      );
      visor.rotation.y = Math.PI;
    } else if (setup.hat === 'hard-hat') {
      add(
        'head',
        new THREE.SphereGeometry(0.135, 24, 12, 0, Math.PI * 2, 0, 1.55),
        0xd9b220,
        [0, 0.1, 0.03],
        true,
      ).scale.set(0.92, 0.85, 1.15);
      add(
        'head',
        new THREE.CylinderGeometry(0.15, 0.155, 0.012, 28),
        0xd9b220,
        [0, 0.1, 0.045],
        true,
      ).scale.set(0.95, 1, 1.2);
    } else if (setup.hat === 'cap') {
      add(
        'head',
        new THREE.SphereGeometry(0.118, 24, 12, 0, Math.PI * 2, 0, 1.5),
        colour,
        [0, 0.1, 0.015],
      ).scale.set(0.95, 0.85, 1.12);
      add(
        'head',
        new THREE.CylinderGeometry(0.1, 0.1, 0.012, 24, 1, false, -Math.PI / 2, Math.PI),
        colour,
        [0, 0.105, 0.12],
      ).scale.set(0.95, 1, 1.05);
    }
    if (setup.bag === 'backpack') {
      const pack = add('spine02', new THREE.CapsuleGeometry(0.115, 0.18, 6, 14), colour, [0, 0.1, -0.145]);
      pack.scale.set(1.1, 0.95, 0.6);
    } else if (setup.bag === 'shoulder') {
      add('spine04', new THREE.CapsuleGeometry(0.085, 0.14, 4, 12), colour, [-0.24, 0.0, 0.03]).scale.set(
        0.65,
        1.1,
        1.3,
      );
    } else if (setup.bag === 'carrier') {
      add(
        'wrist.R',
        new THREE.CapsuleGeometry(0.11, 0.12, 4, 12),
        random.pick([0xe9e6df, 0xb8362f, 0xcfe3ea]),
        [-0.07, -0.28, 0.06],
      ).scale.set(0.8, 1.1, 1.1);
    }
    if (setup.umbrella)
      add('wrist.L', new THREE.CylinderGeometry(0.035, 0.012, 0.75, 10), colour, [0.06, -0.3, 0.08]);
  }
}

function partMaterial(kind: string, map: THREE.Texture | undefined, setup: PersonSetup): THREE.Material {
  const base = { map: map ?? null, color: 0xffffff };
  if (kind === 'clothes') return dyedMaterial(map, setup);
  if (kind === 'hair')
    return dyedMaterial(map, { top: setup.hairColour, bottom: setup.hairColour, waist: 0 });
  if (kind === 'skin') return surface({ ...base, color: 0xf2e6df });
  return surface({ ...base, alphaTest: kind === 'eyes' ? 0 : 0.4, side: THREE.DoubleSide });
}

/** Garments and hair keep their drawing and folds, but take the person's colours: one above the waist, one below. */
function dyedMaterial(
  map: THREE.Texture | undefined,
  setup: Pick<PersonSetup, 'top' | 'bottom' | 'waist'>,
): THREE.Material {
  const material = new THREE.MeshLambertMaterial({
    map: map ?? null,
    alphaTest: 0.4,
    side: THREE.DoubleSide,
  });
  return throughLens(
    material,
    (shader) => {
      shader.uniforms.topColour = { value: new THREE.Color(setup.top) };
      shader.uniforms.bottomColour = { value: new THREE.Color(setup.bottom) };
      shader.uniforms.waist = { value: setup.waist };
      shader.uniforms.mean = { value: map ? meanLuminance(map) : 0.5 };
      shader.vertexShader = shader.vertexShader
        .replace('#include <common>', '#include <common>\nvarying float vRestHeight;')
        .replace('#include <begin_vertex>', '#include <begin_vertex>\nvRestHeight = position.y;');
      shader.fragmentShader = shader.fragmentShader
        .replace(
          '#include <common>',
          '#include <common>\nvarying float vRestHeight;\nuniform vec3 topColour, bottomColour;\nuniform float waist, mean;',
        )
        .replace(
          '#include <map_fragment>',
          `#include <map_fragment>
           float shade = dot(diffuseColor.rgb, vec3(0.3, 0.59, 0.11));
           vec3 dye = mix(bottomColour, topColour, smoothstep(waist - 0.004, waist + 0.004, vRestHeight));
           diffuseColor.rgb = dye * clamp(0.3 + 0.7 * shade / max(mean, 0.03), 0.0, 1.9);`,
        );
    },
    'dyed',
  );
}
