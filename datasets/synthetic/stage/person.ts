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
  readonly #phones: Readonly<Record<'L' | 'R', THREE.Group>>;

  private constructor(bones: THREE.Bone[]) {
    this.#bones = bones;
    this.#phones = { L: phone(), R: phone() };
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
    person.#takePhones(setup);
    return person;
  }

  apply(frame: PersonFrame): void {
    this.group.visible = frame.visible;
    if (!frame.visible) return;
    for (const i of this.#turned) this.#bones[i]?.quaternion.identity();
    this.#turned.clear();
    this.#phones.L.visible = frame.phone === 'L';
    this.#phones.R.visible = frame.phone === 'R';
    this.#bones[0]?.position.set(...frame.root);
    for (let k = 0; k < frame.turns.length; k += 5) {
      const [i, x, y, z, w] = frame.turns.slice(k, k + 5) as [number, number, number, number, number];
      this.#bones[i]?.quaternion.set(x, y, z, w);
      this.#turned.add(i);
    }
  }

  /** The points of what is worn rigidly, each in the frame of its bone, and of the phones. */
  solids(): { bone: number; points: number[]; phone?: 'L' | 'R' }[] {
    const worn = this.#worn.map(({ bone, mesh }) => {
      mesh.updateMatrix();
      return { bone, points: meshPoints(mesh, mesh.matrix) };
    });
    const phones = (['L', 'R'] as const).map((phone) => {
      const group = this.#phones[phone];
      const body = group.children[0] as THREE.Mesh;
      group.updateMatrix();
      const bone = this.#bones.indexOf(group.parent as THREE.Bone);
      return { bone, points: meshPoints(body, group.matrix), phone };
    });
    return [...worn, ...phones];
  }

  bone(name: string): THREE.Bone {
    return this.#bones.find((b) => b.name === name) as THREE.Bone;
  }

  /** Phones wait in both palms; one that is held counts as part of the person, as a bag does. */
  #takePhones(setup: PersonSetup): void {
    for (const side of ['L', 'R'] as const) {
      const head = (name: string): THREE.Vector3 =>
        new THREE.Vector3(...(setup.bones.find((b) => b.name === name)?.head ?? [0, 0, 0]));
      const knuckle = head(`finger3-1.${side}`).sub(head(`wrist.${side}`));
      const along = knuckle.clone().normalize();
      const across = new THREE.Vector3(0, 0, 1);
      const palm = across
        .clone()
        .cross(along)
        .multiplyScalar(side === 'L' ? -1 : 1);
      const group = this.#phones[side];
      group.quaternion.setFromRotationMatrix(
        new THREE.Matrix4().makeBasis(palm.clone().cross(across), palm, across),
      );
      group.position.copy(knuckle).addScaledVector(palm, 0.03).addScaledVector(across, 0.01);
      this.bone(`wrist.${side}`).add(group);
    }
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
      add('spine04', new THREE.BoxGeometry(0.1, 0.24, 0.27, 2, 3, 3), colour, [-0.24, 0.0, 0.03]);
    } else if (setup.bag === 'carrier') {
      add(
        'wrist.R',
        new THREE.BoxGeometry(0.11, 0.3, 0.25, 2, 4, 3),
        random.pick([0xe9e6df, 0xb8362f, 0xcfe3ea]),
        [-0.07, -0.28, 0.06],
      );
    }
    if (setup.umbrella)
      add('wrist.L', new THREE.CylinderGeometry(0.035, 0.012, 0.75, 10), colour, [0.06, -0.3, 0.08]);
  }
}

function phone(): THREE.Group {
  const group = new THREE.Group();
  const body = new THREE.Mesh(new THREE.BoxGeometry(0.076, 0.009, 0.155), surface({ color: 0x17181b }));
  const screen = new THREE.Mesh(
    new THREE.BoxGeometry(0.068, 0.002, 0.142),
    throughLens(new THREE.MeshBasicMaterial({ color: 0x5f6f86 })),
  );
  screen.position.y = 0.005;
  group.add(body, screen);
  for (const mesh of [body, screen]) mesh.frustumCulled = false;
  return group;
}

function partMaterial(kind: string, map: THREE.Texture | undefined, setup: PersonSetup): THREE.Material {
  if (kind === 'clothes') return clothMaterial(map, setup);
  if (kind === 'hair') return hairMaterial(map, setup);
  if (kind === 'skin') return skinMaterial(map);
  return surface({ map: map ?? null, alphaTest: kind === 'eyes' ? 0 : 0.4, side: THREE.DoubleSide });
}

/** Shading that depends on where a point is on the body at rest, in metres: it sticks to the surface as it moves. */
const REST = /* glsl */ `
varying vec3 vRest;
float rumple(vec3 p) {
  return sin(p.y * 34.0 + 2.2 * sin(p.x * 15.0 + p.z * 12.0)) * sin(p.x * 27.0 + 1.9 * sin(p.y * 13.0 + p.z * 21.0));
}
float speck(vec2 p) {
  return fract(sin(dot(p, vec2(12.9898, 78.233))) * 43758.5453);
}
`;

function bodyMaterial(
  map: THREE.Texture | undefined,
  options: {
    key: string;
    tint: string;
    uniforms: Record<string, THREE.IUniform>;
    head: string;
    alphaTest: number;
  },
): THREE.Material {
  const material = new THREE.MeshLambertMaterial({
    map: map ?? null,
    alphaTest: options.alphaTest,
    side: THREE.DoubleSide,
  });
  return throughLens(
    material,
    (shader) => {
      Object.assign(shader.uniforms, options.uniforms);
      shader.vertexShader = shader.vertexShader
        .replace('#include <common>', '#include <common>\nvarying vec3 vRest;')
        .replace('#include <begin_vertex>', '#include <begin_vertex>\nvRest = position;');
      shader.fragmentShader = shader.fragmentShader
        .replace('#include <common>', `#include <common>\n${REST}\n${options.head}`)
        .replace('#include <map_fragment>', `#include <map_fragment>\n${options.tint}`);
    },
    options.key,
  );
}

const colour = (value: string): THREE.IUniform => ({ value: new THREE.Color(value) });
const PATTERNS = ['plain', 'stripes', 'checks', 'print'];

/** Garments keep their drawing and folds, but take the person's colours: one above the waist, one below. */
function clothMaterial(map: THREE.Texture | undefined, setup: PersonSetup): THREE.Material {
  const random = createRandom(setup.seed).fork('cloth');
  return bodyMaterial(map, {
    key: 'cloth',
    alphaTest: 0.4,
    uniforms: {
      topColour: colour(setup.top),
      bottomColour: colour(setup.bottom),
      second: colour(random.pick(['#e8e4da', '#1d2433', '#7d2f33', '#3c4a68', '#b9a88a', '#2b2b2d'])),
      waist: { value: setup.waist },
      mean: { value: map ? meanLuminance(map) : 0.5 },
      pattern: { value: PATTERNS.indexOf(setup.pattern) },
      phase: { value: random.between(0, 20) },
    },
    head: 'uniform vec3 topColour, bottomColour, second;\nuniform float waist, mean, pattern, phase;',
    tint: `
      float shade = dot(diffuseColor.rgb, vec3(0.3, 0.59, 0.11));
      float above = smoothstep(waist - 0.004, waist + 0.004, vRest.y);
      float woven = pattern < 0.5 ? 0.0
        : pattern < 1.5 ? step(0.62, fract(vRest.y * 24.0 + phase))
        : pattern < 2.5 ? 0.4 * step(0.6, fract(vRest.y * 15.0)) + 0.4 * step(0.6, fract(vRest.x * 15.0 + phase))
        : step(0.72, speck(floor(vRest.xy * 34.0 + phase) + floor(vRest.z * 4.0)));
      vec3 dye = mix(bottomColour, mix(topColour, second, woven * 0.75), above);
      diffuseColor.rgb = dye * clamp(0.3 + 0.7 * shade / max(mean, 0.03), 0.0, 1.9);
      // Wrinkles, and the dust and fading that no cloth is without.
      diffuseColor.rgb *= 1.0 + 0.15 * rumple(vRest + phase) + 0.06 * rumple(vRest * 3.1 - phase);`,
  });
}

/** Hair lies in strands, darker at the roots and where it parts. */
function hairMaterial(map: THREE.Texture | undefined, setup: PersonSetup): THREE.Material {
  return bodyMaterial(map, {
    key: 'hair',
    alphaTest: 0.4,
    uniforms: { dye: colour(setup.hairColour), mean: { value: map ? meanLuminance(map) : 0.5 } },
    head: 'uniform vec3 dye;\nuniform float mean;',
    tint: `
      float shade = dot(diffuseColor.rgb, vec3(0.3, 0.59, 0.11));
      float round = atan(vRest.x, vRest.z);
      float strands = sin(round * 38.0 + 3.0 * sin(vRest.y * 26.0)) * sin(round * 17.0 - vRest.y * 31.0);
      diffuseColor.rgb = dye * clamp(0.15 + 0.85 * shade / max(mean, 0.03), 0.0, 2.2) * (0.8 + 0.4 * strands);`,
  });
}

/** Skin is blotchy, redder in places, and never as pale as a texture without light in it. */
function skinMaterial(map: THREE.Texture | undefined): THREE.Material {
  return bodyMaterial(map, {
    key: 'skin',
    alphaTest: 0,
    uniforms: {},
    head: '',
    tint: `
      float blotch = rumple(vRest * 0.8 + 3.0);
      diffuseColor.rgb *= vec3(0.86, 0.78, 0.73) * (1.0 + vec3(0.05, 0.07, 0.08) * blotch);`,
  });
}
