import * as THREE from 'three';
import { createRandom } from '../random.ts';
import type { Camera } from '../scenario/schema.ts';
import { LIGHT_SCALE } from './lights.ts';
import type { StageFrame } from './protocol.ts';
import { paintTexture } from './textures.ts';

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec2 vUv;
uniform sampler2D scene, writing, dust;
uniform vec2 pixel;
uniform float exposure, contrast, saturation, tint, softness, sharpen, noise, vignette, dirt, infrared, covered, black, seed, aspect;

float hash(vec2 p) {
  vec3 q = fract(vec3(p.xyx) * vec3(0.1031, 0.1030, 0.0973) + seed * 0.137);
  q += dot(q, q.yzx + 33.33);
  return fract((q.x + q.y) * q.z);
}
// Four taps between the pixels make a 3×3 tent: the sampler does the adding up.
vec3 blurred(vec2 at, float r) {
  vec2 d = pixel * r;
  return 0.25 * (texture2D(scene, at + d).rgb + texture2D(scene, at - d).rgb + texture2D(scene, at + vec2(d.x, -d.y)).rgb + texture2D(scene, at + vec2(-d.x, d.y)).rgb);
}
// A camera's curve: straight in the shadows, a soft shoulder in the highlights, then sRGB.
vec3 develop(vec3 c) {
  c *= exposure;
  c = c * (1.0 + c / 6.0) / (1.0 + c * 0.72);
  c = clamp(c, 0.0, 1.0);
  return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}
void main() {
  vec2 at = vec2(vUv.x, 1.0 - vUv.y);
  vec3 light = blurred(at, max(softness, 0.02));
  if (sharpen > 0.0) {
    vec3 wide = blurred(at, softness + 1.3);
    // Sharpening works on ratios, as on a camera's log-like signal, so that dark edges don't burn out bright ones.
    light *= clamp(1.0 + sharpen * 1.2 * (light - wide) / (light + wide + 0.05), 0.4, 2.2);
  }
  vec3 c = develop(light);
  c = (c - 0.5) * contrast + 0.5;
  float grey = dot(c, vec3(0.299, 0.587, 0.114));
  c = mix(vec3(grey), c, saturation * (1.0 - infrared));
  c *= mix(vec3(1.0), vec3(1.0 + 0.06 * tint, 1.0 - 0.05 * abs(tint) * sign(tint), 1.0 - 0.04 * tint), 1.0 - infrared);
  vec2 off = (vUv - 0.5) * vec2(1.0, 1.0 / aspect);
  float away = dot(off, off);
  // The infrared lamp beside the lens lights the middle and leaves the edges dark.
  c *= 1.0 - (vignette + 0.5 * infrared) * smoothstep(0.06, 0.42, away);
  if (dirt > 0.0) {
    vec4 speck = texture2D(dust, vUv);
    c = mix(c, mix(c, speck.rgb, 0.75), speck.a * dirt);
  }
  if (covered > 0.0) {
    // A hand or a cloth over the dome: dark, out of focus, a little light at the rim.
    vec2 from = vUv - vec2(0.5 + 0.9 * (1.0 - covered), 0.42 - 0.5 * (1.0 - covered));
    float edge = 1.0 - smoothstep(0.35, 0.75, length(from * vec2(1.0, 1.0 / aspect)) - 0.62 * covered);
    float weave = 0.5 + 0.5 * sin(vUv.x * 9.0 + sin(vUv.y * 7.0) * 1.7);
    vec3 cloth = mix(vec3(0.085, 0.07, 0.062), vec3(0.13, 0.105, 0.09), weave * (0.4 + 0.6 * vUv.y));
    c = mix(c, mix(cloth, vec3(dot(cloth, vec3(0.33))), infrared), edge);
  }
  float grain = (hash(vUv / pixel) + hash(vUv / pixel + 71.7) - 1.0);
  float dark = 1.0 + 1.6 * (1.0 - clamp(grey, 0.0, 1.0)) + 1.5 * infrared;
  c += grain * noise * dark;
  c *= 1.0 - black;
  vec4 text = texture2D(writing, vUv);
  c = mix(c, text.rgb, text.a);
  gl_FragColor = vec4(clamp(c, 0.0, 1.0), 1.0);
}
`;

/** Turns the rendered light into what a cheap network camera delivers. */
export class StagePicture {
  readonly target: THREE.WebGLRenderTarget;
  readonly #output: THREE.WebGLRenderTarget;
  readonly #rgba: Uint8Array;
  readonly #scene = new THREE.Scene();
  readonly #camera = new THREE.OrthographicCamera(-1, 1, 1, -1, 0, 1);
  readonly #uniforms: Record<string, THREE.IUniform>;
  readonly #writing: { canvas: HTMLCanvasElement; texture: THREE.CanvasTexture };
  readonly #spec: Camera;
  #written = '';

  constructor(width: number, height: number, camera: Camera, seed: number, antialias: boolean) {
    this.#spec = camera;
    // Eight bits in sRGB: half floats would cost a software renderer a fifth of its time.
    this.target = new THREE.WebGLRenderTarget(width, height, {
      colorSpace: THREE.SRGBColorSpace,
      samples: antialias ? 4 : 0,
    });
    this.#rgba = new Uint8Array(width * height * 4);
    this.#output = new THREE.WebGLRenderTarget(width, height, { depthBuffer: false });
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    this.#writing = { canvas, texture: new THREE.CanvasTexture(canvas) };
    this.#uniforms = {
      scene: { value: this.target.texture },
      writing: { value: this.#writing.texture },
      dust: { value: dustTexture(seed) },
      pixel: { value: new THREE.Vector2(1 / width, 1 / height) },
      aspect: { value: width / height },
      exposure: { value: camera.exposure / LIGHT_SCALE },
      contrast: { value: camera.contrast },
      saturation: { value: camera.saturation },
      tint: { value: camera.tint },
      softness: { value: camera.softness },
      sharpen: { value: camera.sharpen },
      noise: { value: camera.noise },
      vignette: { value: camera.vignette },
      dirt: { value: camera.dirt },
      infrared: { value: 0 },
      covered: { value: 0 },
      black: { value: 0 },
      seed: { value: 0 },
    };
    const material = new THREE.ShaderMaterial({
      uniforms: this.#uniforms,
      vertexShader: 'varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
      fragmentShader: FRAGMENT,
      depthTest: false,
    });
    const sheet = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), material);
    sheet.frustumCulled = false;
    this.#scene.add(sheet);
  }

  /** Develops the rendered target and reads it back: RGB, top row first. */
  develop(renderer: THREE.WebGLRenderer, frame: StageFrame, into: Uint8Array): void {
    const set = (name: string, value: number): void => {
      (this.#uniforms[name] as THREE.IUniform).value = value;
    };
    set('infrared', frame.infrared ? 1 : 0);
    set('covered', frame.covered);
    set('black', frame.black ? 1 : 0);
    set('seed', (frame.index * 7.31) % 977);
    this.#write(frame.clock);
    renderer.setRenderTarget(this.#output);
    renderer.render(this.#scene, this.#camera);
    renderer.readRenderTargetPixels(this.#output, 0, 0, this.#output.width, this.#output.height, this.#rgba);
    renderer.setRenderTarget(null);
    for (let i = 0, k = 0; i < this.#rgba.length; i += 4) {
      into[k++] = this.#rgba[i] as number;
      into[k++] = this.#rgba[i + 1] as number;
      into[k++] = this.#rgba[i + 2] as number;
    }
  }

  dispose(): void {
    this.target.dispose();
    this.#output.dispose();
    this.#writing.texture.dispose();
  }

  #write(clock: string): void {
    const text = `${clock}|${this.#spec.overlay}`;
    if (text === this.#written) return;
    this.#written = text;
    const { canvas, texture } = this.#writing;
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const size = Math.round(canvas.height / 21);
    pen.font = `${size}px monospace`;
    pen.lineWidth = 2.5;
    pen.strokeStyle = 'rgba(0,0,0,0.75)';
    pen.fillStyle = 'rgba(245,245,245,0.95)';
    const put = (words: string, x: number, y: number): void => {
      pen.strokeText(words, x, y);
      pen.fillText(words, x, y);
    };
    if (clock) put(clock, 10, size + 6);
    if (this.#spec.overlay)
      put(
        this.#spec.overlay,
        canvas.width - 12 - pen.measureText(this.#spec.overlay).width,
        canvas.height - 10,
      );
    // The sheet is sampled top row first, as the picture is written out.
    texture.flipY = false;
    texture.needsUpdate = true;
  }
}

function dustTexture(seed: number): THREE.Texture {
  const random = createRandom(seed).fork('dust');
  const texture = paintTexture(256, 144, (pen, w, h) => {
    pen.clearRect(0, 0, w, h);
    for (let i = 0; i < 40; i++) {
      const [x, y, r] = [random.between(0, w), random.between(0, h), random.between(2, 22)];
      const spot = pen.createRadialGradient(x, y, 0, x, y, r);
      const light = random.chance(0.6);
      spot.addColorStop(
        0,
        light
          ? `rgba(225,220,210,${random.between(0.2, 0.7)})`
          : `rgba(50,45,40,${random.between(0.2, 0.6)})`,
      );
      spot.addColorStop(1, 'rgba(200,195,185,0)');
      pen.fillStyle = spot;
      pen.fillRect(x - r, y - r, 2 * r, 2 * r);
    }
  });
  texture.colorSpace = THREE.NoColorSpace;
  return texture;
}
