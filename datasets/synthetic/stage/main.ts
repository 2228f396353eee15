import * as THREE from 'three';
import { Backdrop } from './backdrop.ts';
import { StageCabin } from './cabin.ts';
import { ContactShadows } from './contact.ts';
import { Environment } from './environment.ts';
import { lensUniforms, maskMaterial, setLens } from './lens-material.ts';
import { StageLights } from './lights.ts';
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
  readonly #rgba: Uint8Array;
  readonly #size: { width: number; height: number };
  readonly #backdrop: Backdrop | undefined;
  readonly #outside: boolean;
  #backdropKey = '';
  #shown = '';
  #shownMasks: Uint8Array | undefined;

  private constructor(renderer: THREE.WebGLRenderer, setup: StageSetup, people: StagePerson[]) {
    this.#renderer = renderer;
    this.#rgba = new Uint8Array(setup.width * setup.height * 4);
    this.#outside = setup.camera.mount === 'eye';
    this.#size = { width: setup.width, height: setup.height };
    setLens(setup.lens, setup.width / setup.height);
    this.#cabin = new StageCabin(setup.cabin, setup.seed);
    this.#scene.add(this.#cabin.group);
    this.#scene.background = new THREE.Color(0.02, 0.02, 0.02);
    this.#scene.environment = environment.of(setup.cabin.floorColour);
    this.#lights = new StageLights(this.#scene, setup.cabin, setup.camera, setup.pose, setup.seed);
    this.#picture = new StagePicture(setup.width, setup.height, setup.camera, setup.seed, setup.antialias);
    this.#masks = new THREE.WebGLRenderTarget(setup.width, setup.height, {
      magFilter: THREE.NearestFilter,
      minFilter: THREE.NearestFilter,
    });
    // Smooth edges need the whole scene in one pass.
    if (!setup.antialias) this.#backdrop = new Backdrop(setup.width, setup.height);
    this.#people = people;
    for (const [i, person] of people.entries()) this.#enter(person.group, setup.people[i]?.mask ?? 0);
    this.#things = setup.things.map((thing) => new StageThing(thing));
    for (const [i, thing] of this.#things.entries()) this.#enter(thing.group, setup.things[i]?.mask ?? 0);
    this.#contact = new ContactShadows(people);
    this.#scene.add(this.#contact.group);
    const { position, right, up, forward } = setup.pose;
    const axes = new THREE.Matrix4().makeBasis(
      new THREE.Vector3(...right),
      new THREE.Vector3(...up),
      new THREE.Vector3(...forward).negate(),
    );
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
    const unseen = frame.covered === 1 || frame.black;
    if (unseen) this.#shown = '';
    else if (key !== this.#shown) this.#draw(frame);
    const pixels = this.#size.width * this.#size.height;
    const bytes = pixels * 3;
    const out = new Uint8Array(frame.masks ? pixels * 5 : bytes);
    this.#picture.develop(this.#renderer, frame, out.subarray(0, bytes));
    if (frame.masks) {
      if (key !== this.#shown || !this.#shownMasks) {
        this.#shownMasks = this.#renderMasks();
      }
      out.set(this.#shownMasks, bytes);
    } else if (key !== this.#shown) this.#shownMasks = undefined;
    if (!unseen) this.#shown = key;
    return out;
  }

  #draw(frame: StageFrame): void {
    this.#cabin.open(frame.opening, this.#outside);
    for (const [i, p] of frame.people.entries()) this.#people[i]?.apply(p);
    for (const [i, t] of frame.things.entries()) this.#things[i]?.apply(t);
    this.#scene.updateMatrixWorld(true);
    this.#contact.update();
    this.#lights.apply(this.#scene, this.#cabin.lamps, frame);
    const { floor } = this.#cabin;
    const actors = [
      this.#contact.group,
      ...this.#people.map((p) => p.group),
      ...this.#things.map((t) => t.group),
    ];
    if (!this.#backdrop) {
      this.#renderer.setRenderTarget(this.#picture.target);
      this.#renderer.render(this.#scene, this.#camera);
      return;
    }
    const key = JSON.stringify([
      frame.opening,
      frame.light,
      frame.light === 'flicker' ? frame.index : 0,
      frame.infrared,
    ]);
    if (key !== this.#backdropKey) {
      this.#backdropKey = key;
      this.#without([...actors, floor], () =>
        this.#backdrop?.keep(this.#renderer, () => this.#renderer.render(this.#scene, this.#camera)),
      );
    }
    this.#renderer.setRenderTarget(this.#picture.target);
    this.#renderer.clear();
    this.#renderer.autoClear = false;
    this.#backdrop.paste(this.#renderer, { flipped: false, colour: true });
    const still = this.#cabin.group.children.filter((o) => o !== floor);
    const { background } = this.#scene;
    this.#scene.background = null;
    this.#without(still, () => this.#renderer.render(this.#scene, this.#camera));
    this.#scene.background = background;
    this.#renderer.autoClear = true;
  }

  /** Runs `draw` with some objects hidden. */
  #without(hidden: readonly THREE.Object3D[], draw: () => void): void {
    const shown = hidden.filter((o) => o.visible);
    for (const o of shown) o.visible = false;
    draw();
    for (const o of shown) o.visible = true;
  }

  /** Ids, then distances, of everything that is not the cabin. */
  #renderMasks(): Uint8Array {
    this.#contact.group.visible = false;
    // With a backdrop, the cabin is there as depth alone.
    if (this.#backdrop) this.#cabin.group.visible = false;
    const kept: [THREE.Mesh, THREE.Material | THREE.Material[]][] = [];
    this.#scene.traverseVisible((o) => {
      if (!(o instanceof THREE.Mesh)) return;
      kept.push([o, o.material]);
      const known =
        this.#maskMaterials.get(o) ?? maskMaterial(this.#maskOf.get(o) ?? 0, o.material as THREE.Material);
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
    if (this.#backdrop) {
      this.#renderer.autoClear = false;
      this.#backdrop.paste(this.#renderer, { flipped: true, colour: false });
    }
    this.#renderer.render(this.#scene, this.#camera);
    this.#renderer.autoClear = true;
    this.#renderer.readRenderTargetPixels(this.#masks, 0, 0, this.#size.width, this.#size.height, this.#rgba);
    lensUniforms.lensFlip.value = 1;
    this.#renderer.setRenderTarget(null);
    this.#renderer.shadowMap.autoUpdate = true;
    this.#scene.background = background;
    this.#scene.environment = environment;
    this.#contact.group.visible = true;
    this.#cabin.group.visible = true;
    for (const [mesh, material] of kept) mesh.material = material;
    const pixels = this.#size.width * this.#size.height;
    const out = new Uint8Array(pixels * 2);
    for (let i = 0; i < pixels; i++) {
      out[i] = this.#rgba[i * 4] as number;
      out[pixels + i] = this.#rgba[i * 4 + 1] as number;
    }
    return out;
  }

  solids(): StageSolids {
    return {
      people: this.#people.map((p) => p.solids()),
      things: this.#things.map((t) => groupPoints(t.group)),
    };
  }

  /** All but the materials: their shaders would go with them, and the next cabin needs most of the same. */
  dispose(): void {
    this.#scene.traverse((o) => {
      if (!(o instanceof THREE.Mesh)) return;
      o.geometry.dispose();
      const { map } = o.material as THREE.MeshLambertMaterial;
      // Painted textures are this stage's own; loaded ones are shared with the next.
      if (map instanceof THREE.CanvasTexture) map.dispose();
    });
    this.#picture.dispose();
    this.#masks.dispose();
    this.#backdrop?.dispose();
  }
}

let stage: Stage | undefined;
const renderer = new THREE.WebGLRenderer({ canvas: document.createElement('canvas'), antialias: false });
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.PCFShadowMap;
renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
const environment = new Environment(renderer);

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
