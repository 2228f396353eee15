import * as THREE from 'three';
import { throughLens } from './lens-material.ts';
import type { StagePerson } from './person.ts';
import { paintTexture } from './textures.ts';

const SPOTS = ['foot.L', 'foot.R', 'root', 'spine01', 'head'] as const;

/**
 * The dark patch where a body comes near the floor. One shadow map can't show how little of a wide ceiling light gets
 * under a shoe; a soft spot under each heavy part, the darker the nearer it is, does.
 */
export class ContactShadows {
  readonly group = new THREE.Group();
  readonly #people: readonly StagePerson[];
  readonly #spots: THREE.Mesh[][] = [];
  readonly #at = new THREE.Vector3();

  constructor(people: readonly StagePerson[]) {
    this.#people = people;
    const map = paintTexture(64, 64, (pen) => {
      const glow = pen.createRadialGradient(32, 32, 0, 32, 32, 32);
      glow.addColorStop(0, 'rgba(0,0,0,0.85)');
      glow.addColorStop(0.45, 'rgba(0,0,0,0.4)');
      glow.addColorStop(1, 'rgba(0,0,0,0)');
      pen.fillStyle = glow;
      pen.fillRect(0, 0, 64, 64);
    });
    for (const _ of people) {
      this.#spots.push(
        SPOTS.map((name) => {
          const material = throughLens(
            new THREE.MeshBasicMaterial({ map, color: 0x000000, transparent: true, depthWrite: false }),
          );
          const size = name.startsWith('foot') ? 0.42 : name === 'head' ? 0.5 : 0.85;
          const spot = new THREE.Mesh(new THREE.PlaneGeometry(size, size, 8, 8), material);
          spot.rotation.x = -Math.PI / 2;
          spot.frustumCulled = false;
          this.group.add(spot);
          return spot;
        }),
      );
    }
  }

  update(): void {
    this.#people.forEach((person, i) => {
      SPOTS.forEach((name, k) => {
        const spot = this.#spots[i]?.[k] as THREE.Mesh;
        spot.visible = person.group.visible;
        if (!spot.visible) return;
        person.bone(name).getWorldPosition(this.#at);
        const height = Math.max(0, this.#at.y - (name.startsWith('foot') ? 0.08 : 0.15));
        const reach = name.startsWith('foot') ? 0.25 : 0.55;
        (spot.material as THREE.MeshBasicMaterial).opacity = 0.75 * Math.max(0, 1 - height / reach) ** 1.5;
        spot.visible = height < reach;
        spot.position.set(this.#at.x, 0.008 + 0.001 * k, this.#at.z);
      });
    });
  }
}
