import * as THREE from 'three';
import { StageCabin } from './cabin.ts';
import { ContactShadows } from './contact.ts';
import { lensUniforms, maskMaterial, setLens } from './lens-material.ts';
import { makeEnvironment, StageLights } from './lights.ts';
import { StagePerson } from './person.ts';
import { StagePicture } from './picture.ts';
import { groupPoints } from './points.ts';
import type { StageFrame, StageSetup, StageSolids } from './protocol.ts';
import { StageThing } from './things/index.ts';

/** Draws one scenario. The page knows nothing of time: it shows what a frame says and posts the pixels back. */
class Stage {
  readonly #renderer: THREE.WebGLRenderer;
  readonly #scene = new THREE.Scene();
  readonly #camera = new THREE.PerspectiveCamera(90, 1, 0.02, 16);
  readonly #cabin: StageCabin;
  readonly #lights: StageLights;
  readonly #picture: StagePicture;
  readonly #masks: THREE.WebGLRenderTarget;
  readonly #people: StagePerson[];
  readonly #things: StageThing[];
  readonly #contact: ContactShadows;
  readonly #maskOf = new Map<THREE.Object3D, number>();
  readonly #maskMaterials = new Map<THREE.Mesh, THREE.Material>();
  readonly #size: { width: number; height: number };
  readonly #outside: boolean;
  #shown = '';
  #shownMasks: Uint8Array | undefined;

  private constructor(renderer: THREE.WebGLRenderer, setup: StageSetup, people: StagePerson[]) {
    this.#renderer = renderer;
    this.#outside = setup.camera.mount === 'eye';
    this.#size = { width: setup.width, height: setup.height };
    setLens(setup.lens, setup.width / setup.height);
    this.#cabin = new StageCabin(setup.cabin, setup.seed);
    this.#scene.add(this.#cabin.group);
    this.#scene.background = new THREE.Color(0.02, 0.02, 0.02);
    this.#scene.environment = makeEnvironment(renderer, setup.cabin);
    this.#lights = new StageLights(this.#scene, setup.cabin, setup.camera, setup.pose, setup.seed);
    this.#picture = new StagePicture(setup.width, setup.height, setup.camera, setup.seed, setup.antialias);
    this.#masks = new THREE.WebGLRenderTarget(setup.width, setup.height, { magFilter: THREE.NearestFilter, minFilter: THREE.NearestFilter });
    this.#people = people;
    people.forEach((person, i) => this.#enter(person.group, setup.people[i]?.mask ?? 0));
    this.#things = setup.things.map((thing) => new StageThing(thing));
    this.#things.forEach((thing, i) => this.#enter(thing.group, setup.things[i]?.mask ?? 0));
    this.#contact = new ContactShadows(people);
    this.#scene.add(this.#contact.group);
    const { position, right, up, forward } = setup.pose;
    const axes = new THREE.Matrix4().makeBasis(new THREE.Vector3(...right), new THREE.Vector3(...up), new THREE.Vector3(...forward).negate());
    this.#camera.position.set(...position);
    this.#camera.quaternion.setFromRotationMatrix(axes);
    this.#camera.updateMatrixWorld(true);
  }

  static async create(renderer: THREE.WebGLRenderer, setup: StageSetup): Promise<Stage> {
    const people = await Promise.all(setup.people.map((p) => StagePerson.load(p)));
    return new Stage(renderer, setup, people);
  }

  #enter(group: THREE.Object3D, mask: number): void {
    this.#scene.add(group);
    group.traverse((o) => this.#maskOf.set(o, mask));
  }

  /** The picture's bytes, followed by the masks' where wanted. */
  render(frame: StageFrame): Uint8Array {
    // A scene in which nothing has moved is developed anew, with fresh noise, but not drawn again.
    const { index, clock: _, masks: __, covered: ___, black: ____, ...what } = frame;
    const key = JSON.stringify(frame.light === 'flicker' ? { ...what, index } : what);
    if (key !== this.#shown) this.#draw(frame);
    const bytes = this.#size.width * this.#size.height * 4;
    const out = new Uint8Array(frame.masks ? bytes * 2 : bytes);
    this.#picture.develop(this.#renderer, frame, out.subarray(0, bytes));
    if (frame.masks) {
      if (key !== this.#shown || !this.#shownMasks) {
        this.#shownMasks = new Uint8Array(bytes);
        this.#renderMasks(this.#shownMasks);
      }
      out.set(this.#shownMasks, bytes);
    } else if (key !== this.#shown) this.#shownMasks = undefined;
    this.#shown = key;
    return out;
  }

  #draw(frame: StageFrame): void {
    this.#cabin.open(frame.opening, this.#outside);
    frame.people.forEach((p, i) => this.#people[i]?.apply(p));
    frame.things.forEach((t, i) => this.#things[i]?.apply(t));
    this.#scene.updateMatrixWorld(true);
    this.#contact.update();
    this.#lights.apply(this.#scene, this.#cabin.lamps, frame);
    this.#renderer.setRenderTarget(this.#picture.target);
    this.#renderer.render(this.#scene, this.#camera);
  }

  #renderMasks(into: Uint8Array): void {
    this.#contact.group.visible = false;
    const kept: [THREE.Mesh, THREE.Material | THREE.Material[]][] = [];
    this.#scene.traverseVisible((o) => {
      if (!(o instanceof THREE.Mesh)) return;
      kept.push([o, o.material]);
      const known = this.#maskMaterials.get(o) ?? maskMaterial(this.#maskOf.get(o) ?? 0, o.material as THREE.Material);
      this.#maskMaterials.set(o, known);
      o.material = known;
    });
    const { background, environment } = this.#scene;
    this.#scene.background = null;
    this.#renderer.shadowMap.autoUpdate = false;
    lensUniforms.lensFlip.value = -1;
    this.#renderer.setRenderTarget(this.#masks);
    this.#renderer.setClearColor(0, 1);
    this.#renderer.clear();
    this.#renderer.render(this.#scene, this.#camera);
    this.#renderer.readRenderTargetPixels(this.#masks, 0, 0, this.#size.width, this.#size.height, into);
    lensUniforms.lensFlip.value = 1;
    this.#renderer.setRenderTarget(null);
    this.#renderer.shadowMap.autoUpdate = true;
    this.#scene.background = background;
    this.#scene.environment = environment;
    this.#contact.group.visible = true;
    for (const [mesh, material] of kept) mesh.material = material;
  }

  solids(): StageSolids {
    return { people: this.#people.map((p) => p.solids()), things: this.#things.map((t) => groupPoints(t.group)) };
  }

  dispose(): void {
    this.#scene.traverse((o) => {
      if (o instanceof THREE.Mesh) o.geometry.dispose();
    });
    this.#picture.target.dispose();
    this.#masks.dispose();
  }
}

let stage: Stage | undefined;
const renderer = new THREE.WebGLRenderer({ canvas: document.createElement('canvas'), antialias: false });
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.PCFShadowMap;
renderer.outputColorSpace = THREE.LinearSRGBColorSpace;

declare global {
  interface Window {
    setStage(setup: StageSetup): Promise<StageSolids>;
    renderFrame(frame: StageFrame): Promise<void>;
    stageReady: boolean;
  }
}

window.setStage = async (setup) => {
  stage?.dispose();
  stage = await Stage.create(renderer, setup);
  return stage.solids();
};

window.renderFrame = async (frame) => {
  if (!stage) throw new Error('no stage is set');
  const bytes = stage.render(frame);
  await fetch('/frame', { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> });
};

window.stageReady = true;
