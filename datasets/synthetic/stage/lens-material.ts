import * as THREE from 'three';
import type { Lens } from '../lens.ts';
import { MASK_RANGE } from './protocol.ts';

/**
 * The lens bends rays in the vertex shader: every vertex is put where the lens formula says, so any lens costs one pass
 * and the truth, which uses the same formula, agrees to the pixel. It asks for finely divided meshes.
 */
export const lensUniforms = {
  lensK: { value: 1 },
  lensEdge: { value: 1 },
  lensAspect: { value: 16 / 9 },
  lensMax: { value: 1.5 },
  /** 1, or -1 to render upside down, so that pixels read back come top row first. */
  lensFlip: { value: 1 },
};

const NEAR = 0.02;
const FAR = 16;

export function setLens(lens: Lens, aspect: number): void {
  lensUniforms.lensK.value = lens.k;
  lensUniforms.lensEdge.value = lens.edge;
  lensUniforms.lensAspect.value = aspect;
  lensUniforms.lensMax.value = lens.maxAngle;
}

const VERTEX_HEAD = /* glsl */ `
uniform float lensK, lensEdge, lensAspect, lensMax, lensFlip;
varying float vLensOut;
varying float vLensDistance;
vec4 lensProject(vec3 p) {
  float flatLength = length(p.xy);
  float angle = atan(flatLength, -p.z);
  float r = (lensK > 0.001 ? tan(min(lensK * angle, 1.52)) / lensK : angle) / lensEdge;
  vec2 at = flatLength > 1e-6 ? p.xy / flatLength * r : vec2(0.0);
  float d = length(p);
  vLensOut = angle - lensMax;
  vLensDistance = d;
  float depth = 2.0 * (d - ${NEAR.toFixed(2)}) / ${(FAR - NEAR).toFixed(2)} - 1.0;
  return vec4(at.x * d, at.y * lensAspect * lensFlip * d, depth * d, d);
}
`;

const FRAGMENT_HEAD = /* glsl */ `
varying float vLensOut;
varying float vLensDistance;
`;

/** Makes a three.js material draw through the lens; `extra` may patch the shader further. */
export function throughLens<M extends THREE.Material>(
  material: M,
  extra?: (shader: THREE.WebGLProgramParametersWithUniforms) => void,
  key = '',
): M {
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, lensUniforms);
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', `#include <common>\n${VERTEX_HEAD}`)
      .replace(
        '#include <project_vertex>',
        '#include <project_vertex>\ngl_Position = lensProject(mvPosition.xyz);',
      );
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', `#include <common>\n${FRAGMENT_HEAD}`)
      .replace('void main() {', 'void main() {\nif (vLensOut > 0.0) discard;');
    extra?.(shader);
  };
  material.customProgramCacheKey = () => `lens ${key}`;
  return material;
}

export interface SurfaceOptions extends THREE.MeshStandardMaterialParameters {
  readonly shiny?: boolean;
}

/** A lit surface. Matt ones use the cheaper Lambert shading, which a software renderer feels. */
export function surface(options: SurfaceOptions): THREE.Material {
  const { shiny, roughness, metalness, envMapIntensity, ...rest } = options;
  if (shiny)
    return throughLens(
      new THREE.MeshStandardMaterial({
        ...rest,
        roughness: roughness ?? 0.4,
        metalness: metalness ?? 0,
        envMapIntensity: envMapIntensity ?? 1,
      }),
    );
  return throughLens(new THREE.MeshLambertMaterial(rest as THREE.MeshLambertMaterialParameters));
}

/** The material that writes a mesh's mask and distance instead of its colour. */
export function maskMaterial(mask: number, source: THREE.Material): THREE.Material {
  const from = source as THREE.MeshLambertMaterial;
  const material = new THREE.MeshBasicMaterial({
    side: THREE.DoubleSide,
    toneMapped: false,
    map: from.alphaTest > 0 ? from.map : null,
    alphaTest: from.alphaTest,
  });
  return throughLens(
    material,
    (shader) => {
      shader.uniforms.maskId = { value: mask / 255 };
      shader.fragmentShader = shader.fragmentShader
        .replace('#include <common>', '#include <common>\nuniform float maskId;')
        .replace(
          '#include <dithering_fragment>',
          `gl_FragColor = vec4(maskId, clamp(vLensDistance / ${MASK_RANGE.toFixed(1)}, 0.0, 1.0), 0.0, 1.0);`,
        );
    },
    // The id is a uniform, so all masks share one program.
    'mask',
  );
}
