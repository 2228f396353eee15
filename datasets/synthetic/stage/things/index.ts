import type * as THREE from 'three';
import { createRandom, type Random } from '../../random.ts';
import type { ObjectKind } from '../../scenario/schema.ts';
import type { ThingFrame, ThingSetup } from '../protocol.ts';
import {
  buildBattery,
  buildBicycle,
  buildParcel,
  buildPram,
  buildSuitcase,
  buildTrolley,
  buildWheelchair,
} from './carts.ts';
import { buildCityEbike, buildCoveredEbike, buildMoped, buildScooter } from './ebikes.ts';
import type { Kit } from './kit.ts';

/** One builder a kind; adding a thing is a builder, a line here and its measures. */
const BUILDERS: Readonly<Record<ObjectKind, (colour: string, random: Random) => Kit>> = Object.freeze({
  'ebike-moped': buildMoped,
  'ebike-city': buildCityEbike,
  'ebike-covered': buildCoveredEbike,
  scooter: buildScooter,
  bicycle: buildBicycle,
  pram: buildPram,
  wheelchair: buildWheelchair,
  suitcase: buildSuitcase,
  trolley: buildTrolley,
  parcel: buildParcel,
  battery: buildBattery,
});

export class StageThing {
  readonly group: THREE.Group;
  readonly #wheels: readonly THREE.Object3D[];

  constructor(setup: ThingSetup) {
    const kit = BUILDERS[setup.kind](setup.colour, createRandom(setup.seed));
    this.group = kit.group;
    this.#wheels = kit.wheels;
  }

  apply(frame: ThingFrame): void {
    this.group.visible = frame.visible;
    this.group.position.set(...frame.position);
    this.group.quaternion.set(...frame.rotation);
    for (const wheel of this.#wheels) wheel.rotation.x = frame.rolled;
  }
}
