import * as THREE from 'three';
import type { CameraPose } from '../lens.ts';
import { createRandom } from '../random.ts';
import type { Cabin, Camera } from '../scenario/schema.ts';
import type { StageFrame } from './protocol.ts';

/** All light is scaled so that what a camera can tell from white fits below 1; the picture scales it back. */
export const LIGHT_SCALE = 0.5;

/** The cabin's lamps, the lobby's lamp, the camera's own infrared lamp, and what they do in each state. */
export class StageLights {
  readonly #sky = new THREE.HemisphereLight(0xffffff, 0x6b6359, 1);
  readonly #lamp: THREE.SpotLight;
  readonly #lobby = new THREE.PointLight(0xfff3df, 7, 9, 1.7);
  readonly #emergency = new THREE.PointLight(0xffd9a0, 0, 4, 1.6);
  readonly #infrared = new THREE.PointLight(0xffffff, 0, 9, 1.3);
  readonly #cabin: Cabin;
  readonly #lampColour: THREE.Color;
  readonly #seed: number;
  readonly #environmentShare: number;

  constructor(scene: THREE.Scene, cabin: Cabin, camera: Camera, pose: CameraPose, seed: number) {
    this.#cabin = cabin;
    this.#seed = seed;
    const { width: w, depth: d, height: h } = cabin;
    this.#lampColour = new THREE.Color().setHSL(
      cabin.warmth > 0 ? 0.1 : 0.58,
      Math.min(1, Math.abs(cabin.warmth)) * 0.6,
      0.86,
    );
    this.#lamp = new THREE.SpotLight(this.#lampColour, 10, 7, 1.3, 0.8, 1.5);
    this.#lamp.position.set(w * 0.08, h - 0.04, -d * 0.05);
    this.#lamp.target.position.set(0, 0, 0.05);
    this.#lamp.castShadow = true;
    this.#lamp.shadow.mapSize.set(512, 512);
    this.#lamp.shadow.camera.near = 0.05;
    this.#lamp.shadow.bias = -0.002;
    this.#lamp.shadow.normalBias = 0.02;
    this.#lamp.shadow.radius = cabin.light === 'spots' ? 2.5 : 6;
    this.#lobby.position.set(cabin.doorOffset, 2.5, d / 2 + 1.3);
    this.#emergency.position.set(0, h - 0.1, -d / 2 + 0.2);
    this.#infrared.position.set(pose.position[0], pose.position[1] - 0.03, pose.position[2]);
    this.#environmentShare = camera.mount === 'eye' ? 1 : 0.8;
    scene.add(this.#sky, this.#lamp, this.#lamp.target, this.#lobby, this.#emergency, this.#infrared);
  }

  apply(scene: THREE.Scene, lamps: readonly THREE.MeshBasicMaterial[], frame: StageFrame): void {
    const { brightness, light, deadLights } = this.#cabin;
    const level = this.#level(frame) * brightness;
    const alive = 1 - 0.7 * deadLights;
    const diffuse = light === 'panel' ? 1.35 : light === 'strip' ? 1.25 : light === 'tubes' ? 1.1 : 0.8;
    const direct = light === 'panel' ? 9 : light === 'strip' ? 8 : light === 'tubes' ? 11 : 15;
    this.#sky.color.copy(this.#lampColour);
    this.#sky.intensity = diffuse * level * alive + 0.02;
    this.#lamp.intensity = direct * level * alive;
    this.#lobby.intensity = frame.opening > 0 ? 2.4 * (0.04 + frame.opening * 1.2) : 0;
    this.#emergency.intensity = frame.light === 'emergency' ? 0.8 : 0;
    this.#infrared.intensity = frame.infrared ? 3.2 : 0;
    for (const lamp of [this.#sky, this.#lamp, this.#lobby, this.#emergency, this.#infrared])
      lamp.intensity *= LIGHT_SCALE;
    // A light that is on costs every lit pixel, even at intensity 0.
    for (const lamp of [this.#lamp, this.#lobby, this.#emergency, this.#infrared])
      lamp.visible = lamp.intensity > 0.001;
    scene.environmentIntensity =
      this.#environmentShare * (1.0 * level * alive + (frame.infrared ? 0.12 : 0.01));
    scene.environmentIntensity *= LIGHT_SCALE;
    for (const lamp of lamps)
      lamp.color.copy(this.#lampColour).multiplyScalar(LIGHT_SCALE * (0.02 + 2.6 * level));
  }

  #level(frame: StageFrame): number {
    if (frame.light === 'off' || frame.light === 'emergency') return 0;
    if (frame.light === 'dim') return 0.28;
    if (frame.light === 'flicker') return createRandom(this.#seed + frame.index).chance(0.35) ? 0.15 : 0.85;
    // An infrared picture means that the cabin is dark to the eye.
    return frame.infrared ? 0.05 : 1;
  }
}
