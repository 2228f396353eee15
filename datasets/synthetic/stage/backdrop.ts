import * as THREE from 'three';

/**
 * The parts of the scene that stand still, drawn once and kept with their depth: a software renderer then only shades the
 * people, the things and the floor that takes their shadows. Copying it is one cheap pass.
 */
export class Backdrop {
  readonly #kept: THREE.WebGLRenderTarget;
  readonly #scene = new THREE.Scene();
  readonly #camera = new THREE.OrthographicCamera(-1, 1, 1, -1, 0, 1);
  readonly #material: THREE.ShaderMaterial;

  constructor(width: number, height: number) {
    const depthTexture = new THREE.DepthTexture(width, height);
    depthTexture.type = THREE.UnsignedIntType;
    this.#kept = new THREE.WebGLRenderTarget(width, height, {
      colorSpace: THREE.SRGBColorSpace,
      depthTexture,
      magFilter: THREE.NearestFilter,
      minFilter: THREE.NearestFilter,
    });
    this.#material = new THREE.ShaderMaterial({
      uniforms: {
        colour: { value: this.#kept.texture },
        depth: { value: depthTexture },
        flip: { value: 0 },
        shown: { value: 1 },
      },
      vertexShader: 'varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
      fragmentShader: `
        varying vec2 vUv;
        uniform sampler2D colour, depth;
        uniform float flip, shown;
        void main() {
          vec2 at = vec2(vUv.x, mix(vUv.y, 1.0 - vUv.y, flip));
          gl_FragColor = vec4(shown > 0.0 ? texture2D(colour, at).rgb : vec3(0.0), 1.0);
          gl_FragDepth = texture2D(depth, at).r;
        }`,
      depthFunc: THREE.AlwaysDepth,
    });
    const sheet = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), this.#material);
    sheet.frustumCulled = false;
    this.#scene.add(sheet);
  }

  /** Draws what `draw` renders into the kept picture. */
  keep(renderer: THREE.WebGLRenderer, draw: () => void): void {
    renderer.setRenderTarget(this.#kept);
    draw();
    renderer.setRenderTarget(null);
  }

  /** Fills the current render target with the kept depth, and its colours unless only the depth is wanted. */
  paste(renderer: THREE.WebGLRenderer, options: { flipped: boolean; colour: boolean }): void {
    (this.#material.uniforms.flip as THREE.IUniform).value = options.flipped ? 1 : 0;
    (this.#material.uniforms.shown as THREE.IUniform).value = options.colour ? 1 : 0;
    renderer.render(this.#scene, this.#camera);
  }

  /** All but the shader: the next stage's is the same. */
  dispose(): void {
    this.#kept.dispose();
  }
}
