import * as THREE from 'three';

/** Of the mirrored room: as PMREMGenerator makes it. */
const FACE = 256;
const LEAST_FACE = 8;

/**
 * What shiny walls mirror: a pale box with a bright ceiling, dark people-high shapes and the cabin's floor. Filtering it takes a
 * software renderer two seconds, but light adds up: the room and its floor are filtered once, and each cabin's are
 * put together from both in a moment. The texture is one for all cabins; it shows the last that was asked for.
 */
export class Environment {
  readonly #renderer: THREE.WebGLRenderer;
  readonly #target: THREE.WebGLCubeRenderTarget;
  readonly #camera: THREE.CubeCamera;
  readonly #scene = new THREE.Scene();
  readonly #floorColour = { value: new THREE.Color() };
  readonly #level = { value: 0 };

  constructor(renderer: THREE.WebGLRenderer) {
    this.#renderer = renderer;
    const generator = new THREE.PMREMGenerator(renderer);
    const filtered = (room: THREE.Scene): THREE.Texture => generator.fromScene(room, 0.06).texture;
    const uniforms = {
      room: { value: filtered(mirroredRoom(1, 0)) },
      floor: { value: filtered(mirroredRoom(0, 1)) },
      floorColour: this.#floorColour,
      level: this.#level,
    };
    generator.dispose();
    const material = new THREE.ShaderMaterial({
      uniforms,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      side: THREE.BackSide,
      blending: THREE.NoBlending,
      depthTest: false,
      depthWrite: false,
    });
    this.#scene.add(new THREE.Mesh(new THREE.BoxGeometry(5, 5, 5), material));
    this.#target = new THREE.WebGLCubeRenderTarget(FACE, {
      minFilter: THREE.LinearMipmapLinearFilter,
      generateMipmaps: false,
      type: THREE.HalfFloatType,
      colorSpace: THREE.LinearSRGBColorSpace,
      depthBuffer: false,
    });
    const { texture } = this.#target;
    for (let face = FACE; face >= LEAST_FACE; face /= 2)
      texture.mipmaps.push({ width: face, height: face } as never);
    texture.isPMREMTexture = true;
    this.#camera = new THREE.CubeCamera(1, 10, this.#target);
  }

  of(floorColour: THREE.ColorRepresentation): THREE.Texture {
    this.#floorColour.value.set(floorColour);
    const target = this.#target;
    for (const [level, { width }] of target.texture.mipmaps.entries()) {
      this.#level.value = level;
      this.#camera.activeMipmapLevel = level;
      target.viewport.set(0, 0, width, width);
      this.#camera.update(this.#renderer, this.#scene);
    }
    target.viewport.set(0, 0, FACE, FACE);
    return target.texture;
  }
}

const VERTEX = /* glsl */ `
varying vec3 direction;
void main() {
  direction = (modelMatrix * vec4(position, 0.0)).xyz;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  gl_Position.z = gl_Position.w;
}
`;

const FRAGMENT = /* glsl */ `
varying vec3 direction;
uniform samplerCube room, floor;
uniform vec3 floorColour;
uniform float level;
void main() {
  gl_FragColor = vec4(textureLod(room, direction, level).rgb + floorColour * textureLod(floor, direction, level).rgb, 1.0);
}
`;

/** @param walls, floor how much light comes from everything but the floor, and from the floor; the dark still hides */
function mirroredRoom(walls: number, floor: number): THREE.Scene {
  const room = new THREE.Scene();
  room.background = new THREE.Color(0.62, 0.61, 0.59).multiplyScalar(walls);
  const box = (size: Triple, at: Triple, colour: THREE.Color): void => {
    const mesh = new THREE.Mesh(
      new THREE.BoxGeometry(...size),
      new THREE.MeshBasicMaterial({ color: colour }),
    );
    mesh.position.set(...at);
    room.add(mesh);
  };
  const lit = (r: number, g: number, b: number): THREE.Color =>
    new THREE.Color(r, g, b).multiplyScalar(walls);
  box([5, 0.1, 4], [0, 3, 0], lit(2.6, 2.6, 2.5));
  box([8, 0.1, 8], [0, -2, 0], new THREE.Color(0.7, 0.7, 0.7).multiplyScalar(floor));
  box([1.4, 3, 0.1], [0.4, 0, 3], lit(0.12, 0.12, 0.13));
  box([0.1, 3, 1.2], [3, 0, -0.6], lit(0.2, 0.19, 0.18));
  box([0.1, 2, 0.8], [-3, 0.5, 0.8], lit(0.75, 0.74, 0.7));
  return room;
}

type Triple = [x: number, y: number, z: number];
