import * as THREE from 'three';
import { createRandom, type Random } from '../random.ts';
import type { Cabin, WallMaterial } from '../scenario/schema.ts';
import { floorTexture, plasterTexture, posterTexture, wallTexture } from './cabin-textures.ts';
import { surface, throughLens } from './lens-material.ts';

/** Edge length of the pieces that flat walls are cut into, so that the lens can bend them. */
const GRAIN = 0.075;
const LOBBY_DEPTH = 2.2;
/** Metalness and roughness of what mirrors. */
const SHINE: Readonly<Partial<Record<WallMaterial, readonly [number, number]>>> = {
  steel: [0.55, 0.28],
  brushed: [0.5, 0.45],
  mirror: [0.85, 0.1],
  glass: [0.4, 0.12],
};

export function panelGeometry(w: number, h: number): THREE.PlaneGeometry {
  return new THREE.PlaneGeometry(w, h, Math.max(1, Math.ceil(w / GRAIN)), Math.max(1, Math.ceil(h / GRAIN)));
}

export function blockGeometry(w: number, h: number, d: number): THREE.BoxGeometry {
  const cut = (v: number): number => Math.max(1, Math.ceil(v / GRAIN));
  return new THREE.BoxGeometry(w, h, d, cut(w), cut(h), cut(d));
}

/** The cabin with its doors and the lobby behind them. */
export class StageCabin {
  readonly group = new THREE.Group();
  readonly #lobbyGroup = new THREE.Group();
  /** Takes the shadows of people, so it is drawn with them. */
  readonly floor = new THREE.Group();
  /** Surfaces that glow: the cabin's lamps, for the lights to steer. */
  readonly lamps: THREE.MeshBasicMaterial[] = [];
  readonly #leaves: { mesh: THREE.Object3D; closed: number; open: number }[] = [];
  readonly #cabin: Cabin;
  readonly #random: Random;

  constructor(cabin: Cabin, seed: number) {
    this.#cabin = cabin;
    this.#random = createRandom(seed).fork('cabin');
    this.#shell();
    this.#front();
    this.#ceiling();
    this.#fittings();
    // Nothing of the lobby is seen through a closed door.
    const before = this.group.children.length;
    this.#lobby();
    this.#lobbyGroup.add(...this.group.children.slice(before));
    this.group.add(this.#lobbyGroup);
  }

  /** @param share 0 closed … 1 open */
  open(share: number, fromOutside: boolean): void {
    this.#lobbyGroup.visible = share > 0 || fromOutside;
    for (const leaf of this.#leaves) leaf.mesh.position.x = leaf.closed + (leaf.open - leaf.closed) * share;
  }

  #put(
    geometry: THREE.BufferGeometry,
    material: THREE.Material,
    at: readonly [number, number, number],
    turn: readonly [number, number, number] = [0, 0, 0],
  ): THREE.Mesh {
    const mesh = new THREE.Mesh(geometry, material);
    mesh.position.set(...at);
    mesh.rotation.set(...turn);
    mesh.receiveShadow = true;
    mesh.frustumCulled = false;
    this.group.add(mesh);
    return mesh;
  }

  #shell(): void {
    const { width: w, depth: d, height: h } = this.#cabin;
    const side = this.#wall(this.#cabin.walls, this.#cabin.wallColour, 'left');
    const other = this.#wall(this.#cabin.walls, this.#cabin.wallColour, 'right');
    const back = this.#wall(this.#cabin.back ?? this.#cabin.walls, this.#cabin.wallColour, 'back');
    this.#put(panelGeometry(d, h), side, [w / 2, h / 2, 0], [0, -Math.PI / 2, 0]);
    this.#put(panelGeometry(d, h), other, [-w / 2, h / 2, 0], [0, Math.PI / 2, 0]);
    this.#put(panelGeometry(w, h), back, [0, h / 2, -d / 2]);
    this.floor.add(this.#put(panelGeometry(w, d), this.#floor(), [0, 0, 0], [-Math.PI / 2, 0, 0]));
    const skirting = surface({ color: 0x3b3a38 });
    for (const s of [-1, 1])
      this.#put(blockGeometry(0.012, 0.1, d), skirting, [s * (w / 2 - 0.006), 0.05, 0]);
    this.#put(blockGeometry(w, 0.1, 0.012), skirting, [0, 0.05, -d / 2 + 0.006]);
    if (this.#cabin.mat)
      this.floor.add(
        this.#put(
          panelGeometry(w * 0.7, d * 0.6),
          surface({ color: this.#random.pick([0x5a2326, 0x2d3b33, 0x2b2f3d, 0x4a4038]) }),
          [0.02, 0.006, 0.05],
          [-Math.PI / 2, 0, 0],
        ),
      );
    this.group.add(this.floor);
  }

  #front(): void {
    const { width: w, depth: d, height: h, doorWidth: dw, doorHeight: dh, doorOffset: dx } = this.#cabin;
    const z = d / 2;
    const front = this.#wall(this.#cabin.doorMaterial, this.#cabin.doorColour, 'front');
    const left = w / 2 - (dx + dw / 2);
    const right = w / 2 + (dx - dw / 2);
    if (left > 0.01) this.#put(panelGeometry(left, h), front, [w / 2 - left / 2, h / 2, z], [0, Math.PI, 0]);
    if (right > 0.01)
      this.#put(panelGeometry(right, h), front, [-w / 2 + right / 2, h / 2, z], [0, Math.PI, 0]);
    this.#put(panelGeometry(dw, h - dh), front, [dx, dh + (h - dh) / 2, z], [0, Math.PI, 0]);
    const metal = surface({ color: 0x77746f, shiny: true, metalness: 0.5, roughness: 0.4 });
    this.#put(blockGeometry(dw, 0.012, 0.12), metal, [dx, 0.002, z + 0.06]);
    for (const s of [-1, 1])
      this.#put(blockGeometry(0.025, dh, 0.12), metal, [dx + s * (dw / 2 + 0.0125), dh / 2, z + 0.07]);

    const leafMaterial = this.#wall(this.#cabin.doorMaterial, this.#cabin.doorColour, 'door');
    const leaf = (width: number, closed: number, open: number, depth: number): void => {
      const mesh = this.#put(blockGeometry(width, dh, 0.028), leafMaterial, [closed, dh / 2, depth]);
      mesh.castShadow = true;
      this.#leaves.push({ mesh, closed, open });
    };
    if (this.#cabin.doorType === 'centre') {
      for (const s of [-1, 1]) leaf(dw / 2, dx + s * (dw / 4), dx + s * (dw * 0.75), z + 0.035);
    } else {
      const s = this.#cabin.doorType === 'left' ? 1 : -1;
      leaf(dw / 2, dx + s * (dw / 4), dx + s * (dw * 0.75), z + 0.035);
      leaf(dw / 2, dx - s * (dw / 4), dx + s * (dw * 0.75), z + 0.075);
    }
  }

  #ceiling(): void {
    const { width: w, depth: d, height: h, light, deadLights } = this.#cabin;
    this.#put(
      panelGeometry(w, d),
      surface({ color: 0xd9d7d2, side: THREE.DoubleSide }),
      [0, h, 0],
      [Math.PI / 2, 0, 0],
    );
    const lamp = (geometry: THREE.BufferGeometry, x: number, z: number): void => {
      const dead = this.#random.chance(deadLights);
      const material = new THREE.MeshBasicMaterial({ color: dead ? 0x555550 : 0xffffff });
      const mesh = this.#put(geometry, surface({ color: 0xffffff }), [x, h - 0.012, z]);
      mesh.material = surfaceGlow(material);
      if (!dead) this.lamps.push(material);
    };
    if (light === 'panel') lamp(blockGeometry(w * 0.62, 0.014, d * 0.62), 0, 0);
    else if (light === 'strip')
      for (const s of [-1, 1]) lamp(blockGeometry(0.12, 0.014, d * 0.9), s * (w / 2 - 0.14), 0);
    else if (light === 'tubes')
      for (const s of [-1, 0, 1])
        lamp(
          new THREE.CylinderGeometry(0.016, 0.016, w * 0.78, 10, 14).rotateZ(Math.PI / 2),
          0,
          s * d * 0.27,
        );
    else
      for (const sx of [-1, 1])
        for (const sz of [-1, 0, 1])
          lamp(new THREE.CylinderGeometry(0.055, 0.055, 0.012, 20), sx * w * 0.28, sz * d * 0.3);
  }

  #fittings(): void {
    const { width: w, depth: d, handrail, panel } = this.#cabin;
    const metal = surface({ color: 0xc9c9c7, shiny: true, metalness: 0.65, roughness: 0.25 });
    const rail = (
      length: number,
      at: readonly [number, number, number],
      turn: readonly [number, number, number],
    ): void => {
      const bar = this.#put(
        new THREE.CylinderGeometry(0.018, 0.018, length, 10, Math.ceil(length / GRAIN)),
        metal,
        at,
        turn,
      );
      bar.castShadow = true;
    };
    const panelSign = panel === 'left' ? 1 : -1;
    if (handrail === 'side' || handrail === 'both')
      rail(d - 0.3, [-panelSign * (w / 2 - 0.055), 0.9, 0], [Math.PI / 2, 0, 0]);
    if (handrail === 'back' || handrail === 'both')
      rail(w - 0.3, [0, 0.9, -d / 2 + 0.055], [0, 0, Math.PI / 2]);
    this.#buttons(panelSign);
    this.#posters();
    if (this.#cabin.screen) {
      const glow = new THREE.MeshBasicMaterial({ map: posterTexture(this.#random, true) });
      const z = this.#random.between(-0.2, 0.2) * d;
      this.#put(blockGeometry(0.04, 0.5, 0.34), surface({ color: 0x16171a }), [
        -panelSign * (w / 2 - 0.02),
        1.55,
        z,
      ]);
      this.#put(
        panelGeometry(0.3, 0.46),
        surfaceGlow(glow),
        [-panelSign * (w / 2 - 0.042), 1.55, z],
        [0, (panelSign * Math.PI) / 2, 0],
      );
    }
  }

  #buttons(sign: number): void {
    const { width: w, depth: d } = this.#cabin;
    const x = sign * (w / 2 - 0.012);
    const z = d / 2 - 0.28;
    this.#put(
      blockGeometry(0.02, 1.0, 0.2),
      surface({ color: 0x8f8d89, shiny: true, metalness: 0.6, roughness: 0.35 }),
      [x, 1.3, z],
    );
    this.#put(blockGeometry(0.006, 0.12, 0.15), surface({ color: 0x101214 }), [x - sign * 0.011, 1.7, z]);
    this.#put(
      panelGeometry(0.06, 0.07),
      surfaceGlow(new THREE.MeshBasicMaterial({ color: 0xff5a20 })),
      [x - sign * 0.016, 1.7, z],
      [0, (-sign * Math.PI) / 2, 0],
    );
    const button = new THREE.CylinderGeometry(0.016, 0.016, 0.012, 12).rotateZ(Math.PI / 2);
    const steel = surface({ color: 0xe9e7e2 });
    for (let row = 0; row < 8; row++)
      for (const column of [-1, 1])
        this.#put(button, steel, [x - sign * 0.015, 0.92 + row * 0.085, z + column * 0.045]);
    this.#put(button, surface({ color: 0xd8a11c }), [x - sign * 0.015, 0.85, z]);
  }

  #posters(): void {
    const { width: w, depth: d, posters } = this.#cabin;
    for (let i = 0; i < posters; i++) {
      const pw = this.#random.between(0.22, 0.52);
      const ph = pw * this.#random.between(1, 1.45);
      const material = surface({ map: posterTexture(this.#random, false) });
      const y = this.#random.between(1.2, 1.75);
      const place = this.#random.weighted([
        ['left', 2],
        ['right', 2],
        ['back', 2],
      ] as const);
      const along = this.#random.between(-0.5, 0.5);
      if (place === 'back')
        this.#put(panelGeometry(pw, ph), material, [along * (w - pw - 0.1), y, -d / 2 + 0.008]);
      else {
        const s = place === 'left' ? 1 : -1;
        this.#put(
          panelGeometry(pw, ph),
          material,
          [s * (w / 2 - 0.008), y, along * (d - pw - 0.5) - 0.15],
          [0, (-s * Math.PI) / 2, 0],
        );
      }
    }
  }

  #lobby(): void {
    const { depth: d, doorWidth: dw, doorHeight: dh, doorOffset: dx } = this.#cabin;
    const z = d / 2 + 0.12;
    const wallColour = this.#random.pick(['#c9c4b6', '#d8d3c5', '#b8b2a3', '#c2c8c4', '#a8a49c']);
    const wall = surface({ map: plasterTexture(this.#random, wallColour) });
    const floor = surface({
      map: floorTexture(this.#random, 'tiles', this.#random.pick(['#8b8378', '#9c978c', '#6f6a63']), 0.4),
    });
    this.#put(panelGeometry(5, LOBBY_DEPTH), floor, [dx, -0.004, z + LOBBY_DEPTH / 2], [-Math.PI / 2, 0, 0]);
    this.#put(panelGeometry(5, 2.8), wall, [dx, 1.4, z + LOBBY_DEPTH], [0, Math.PI, 0]);
    for (const s of [-1, 1]) {
      this.#put(
        panelGeometry(LOBBY_DEPTH, 2.8),
        wall,
        [dx + s * 2.4, 1.4, z + LOBBY_DEPTH / 2],
        [0, (-s * Math.PI) / 2, 0],
      );
      const jamb = 2.4 - dw / 2;
      this.#put(panelGeometry(jamb, 2.8), wall, [dx + s * (dw / 2 + jamb / 2), 1.4, z]);
    }
    this.#put(panelGeometry(dw, 2.8 - dh), wall, [dx, dh + (2.8 - dh) / 2, z]);
    this.#put(
      panelGeometry(5, LOBBY_DEPTH),
      surface({ color: 0xd0cdc6, side: THREE.DoubleSide }),
      [dx, 2.8, z + LOBBY_DEPTH / 2],
      [Math.PI / 2, 0, 0],
    );
    // A door or a notice gives the lobby something to be.
    this.#put(
      panelGeometry(0.9, 2.05),
      surface({ color: this.#random.pick([0x6b4a33, 0x4b5257, 0x7b2d26]) }),
      [dx + this.#random.pick([-0.9, 0.2, 0.8]), 1.02, z + LOBBY_DEPTH - 0.01],
      [0, Math.PI, 0],
    );
  }

  #wall(kind: WallMaterial, colour: string, name: string): THREE.Material {
    const random = this.#random.fork(name);
    const { wear } = this.#cabin;
    const map = wallTexture(random, kind, colour, wear, name !== 'door' && name !== 'front');
    const shine = SHINE[kind];
    if (!shine) return surface({ map });
    return surface({ map, shiny: true, metalness: shine[0], roughness: shine[1] });
  }

  #floor(): THREE.Material {
    const map = floorTexture(
      this.#random.fork('floor'),
      this.#cabin.floor,
      this.#cabin.floorColour,
      this.#cabin.wear,
    );
    return surface({ map });
  }
}

/** A lamp or a screen: drawn at its own colour whatever light falls on it. */
function surfaceGlow(material: THREE.MeshBasicMaterial): THREE.Material {
  return throughLens(material);
}
