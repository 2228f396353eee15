import * as THREE from 'three';
import type { Random } from '../../random.ts';
import { surface } from '../lens-material.ts';
import { Kit } from './kit.ts';

const metal = (): THREE.Material => surface({ color: 0xb4b6b8, shiny: true, roughness: 0.3, metalness: 0.6 });
const black = (): THREE.Material => surface({ color: 0x1a1a1c });

/** A plain bicycle: what must not be taken for an e-bike. */
export function buildBicycle(colour: string, random: Random): Kit {
  const kit = new Kit();
  const paint = surface({ color: colour, shiny: true, roughness: 0.35 });
  const [steel, rubber] = [metal(), black()];
  const r = 0.33;
  kit.wheel({ z: 0.52, radius: r, tyre: 0.018, spokes: 28, rim: steel, hub: 0.022 });
  kit.wheel({ z: -0.52, radius: r, tyre: 0.018, spokes: 28, rim: steel, hub: 0.03 });
  for (const s of [-1, 1]) {
    kit.tube([s * 0.045, r, 0.52], [s * 0.04, 0.66, 0.4], 0.012, paint);
    kit.tube([s * 0.055, r, -0.52], [s * 0.02, 0.29, -0.08], 0.01, paint);
    kit.tube([s * 0.055, r, -0.52], [s * 0.015, 0.7, -0.22], 0.009, paint);
  }
  kit.tube([0, 0.29, -0.08], [0, 0.76, -0.24], 0.016, paint);
  kit.tube([0, 0.29, -0.08], [0, 0.68, 0.39], 0.018, paint);
  kit.tube([0, 0.7, -0.22], [0, 0.78, 0.36], 0.016, paint);
  kit.tube([0, 0.64, 0.41], [0, 0.97, 0.31], 0.017, steel);
  kit.bar(
    [
      [-0.3, 1.0, 0.24],
      [-0.16, 1.01, 0.31],
      [0, 0.98, 0.31],
      [0.16, 1.01, 0.31],
      [0.3, 1.0, 0.24],
    ],
    0.011,
    steel,
  );
  for (const s of [-1, 1]) kit.tube([s * 0.22, 1.005, 0.285], [s * 0.31, 1.0, 0.235], 0.017, rubber);
  kit.tube([0, 0.74, -0.24], [0, 0.9, -0.29], 0.012, steel);
  kit.profile(
    [
      [-0.1, 0.9],
      [-0.2, 0.925],
      [-0.38, 0.93],
      [-0.4, 0.89],
      [-0.24, 0.88],
    ],
    0.15,
    0.04,
    rubber,
  );
  kit.add(
    new THREE.CylinderGeometry(0.09, 0.09, 0.008, 24),
    steel,
    [0.055, 0.29, -0.08],
    [0, 0, Math.PI / 2],
  );
  kit.tube([0.07, 0.29, -0.08], [0.08, 0.17, 0.03], 0.01, steel);
  kit.tube([-0.05, 0.29, -0.08], [-0.07, 0.41, -0.19], 0.01, steel);
  kit.box(0.09, 0.02, 0.06, rubber, [0.13, 0.165, 0.03]);
  kit.box(0.09, 0.02, 0.06, rubber, [-0.12, 0.41, -0.19]);
  if (random.chance(0.4)) kit.basket(0.3, 0.2, 0.22, [0, 0.8, 0.56], rubber);
  return kit;
}

export function buildPram(colour: string, random: Random): Kit {
  const kit = new Kit();
  const cloth = surface({ color: colour, side: THREE.DoubleSide });
  const [frame, rubber] = [metal(), black()];
  for (const x of [-0.24, 0.24]) {
    kit.wheel({ z: 0.36, x, radius: 0.09, tyre: 0.018, spokes: 5, rim: frame });
    kit.wheel({ z: -0.3, x, radius: 0.12, tyre: 0.02, spokes: 5, rim: frame });
    kit.tube([x, 0.1, 0.36], [x * 0.95, 0.62, -0.08], 0.013, frame);
    kit.tube([x, 0.13, -0.3], [x * 0.95, 0.62, -0.04], 0.013, frame);
    kit.tube([x * 0.95, 0.6, -0.08], [x * 0.8, 1.0, -0.44], 0.013, frame);
  }
  kit.tube([-0.2, 1.0, -0.44], [0.2, 1.0, -0.44], 0.02, rubber);
  kit.profile(
    [
      [0.34, 0.46],
      [0.3, 0.66],
      [0.05, 0.56],
      [-0.18, 0.74],
      [-0.3, 0.78],
      [-0.28, 0.6],
      [-0.06, 0.42],
      [0.2, 0.4],
    ],
    0.42,
    0.05,
    cloth,
  );
  const hood = kit.add(
    new THREE.SphereGeometry(0.3, 22, 14, 0, Math.PI * 2, 0, random.between(1.1, 1.45)),
    cloth,
    [0, 0.72, -0.12],
    [random.between(-0.5, -0.1), 0, 0],
  );
  hood.scale.set(0.74, 1, 1);
  kit.box(0.36, 0.16, 0.36, surface({ color: 0x232427 }), [0, 0.24, 0]);
  kit.blob(
    [0.11, 0.08, 0.2],
    surface({ color: random.pick([0xe9d9d2, 0xbfd4e0, 0xe6e0c2]) }),
    [0, 0.62, 0.05],
  );
  return kit;
}

export function buildWheelchair(colour: string): Kit {
  const kit = new Kit();
  const [frame, rubber] = [metal(), black()];
  const cloth = surface({ color: colour });
  for (const s of [-1, 1]) {
    kit.wheel({ z: -0.12, x: s * 0.29, radius: 0.3, tyre: 0.02, spokes: 16, rim: frame });
    kit.wheel({ z: 0.36, x: s * 0.23, radius: 0.09, tyre: 0.02, spokes: 5, rim: frame });
    kit.tube([s * 0.24, 0.48, -0.22], [s * 0.24, 0.93, -0.28], 0.013, frame);
    kit.tube([s * 0.24, 0.93, -0.28], [s * 0.24, 0.92, -0.42], 0.017, rubber);
    kit.tube([s * 0.24, 0.48, -0.22], [s * 0.24, 0.48, 0.22], 0.013, frame);
    kit.tube([s * 0.24, 0.48, 0.22], [s * 0.2, 0.14, 0.44], 0.013, frame);
    kit.tube([s * 0.25, 0.7, -0.24], [s * 0.25, 0.69, 0.14], 0.022, rubber);
    kit.box(0.12, 0.015, 0.16, rubber, [s * 0.12, 0.13, 0.46]);
  }
  kit.box(0.44, 0.05, 0.44, cloth, [0, 0.5, 0]);
  kit.box(0.44, 0.42, 0.03, cloth, [0, 0.72, -0.26], [-0.1, 0, 0]);
  return kit;
}

export function buildTrolley(colour: string, random: Random): Kit {
  const kit = new Kit();
  const [frame, rubber] = [metal(), surface({ color: colour })];
  for (const x of [-0.22, 0.22])
    for (const z of [-0.3, 0.34])
      kit.wheel({ z, x, radius: 0.065, tyre: 0.016, spokes: 0, rim: frame, disc: true });
  kit.box(0.5, 0.03, 0.84, frame, [0, 0.17, 0.02]);
  for (const s of [-1, 1])
    kit.bar(
      [
        [s * 0.22, 0.17, -0.38],
        [s * 0.22, 0.7, -0.42],
        [s * 0.2, 0.96, -0.46],
      ],
      0.014,
      frame,
    );
  kit.tube([-0.2, 0.96, -0.46], [0.2, 0.96, -0.46], 0.018, rubber);
  let y = 0.19;
  for (let i = random.integer(0, 3); i > 0; i--) {
    const h = random.between(0.16, 0.32);
    kit.box(
      random.between(0.32, 0.46),
      h,
      random.between(0.4, 0.66),
      cardboard(random),
      [0, y + h / 2, 0.05],
      [0, random.between(-0.1, 0.1), 0],
    );
    y += h;
  }
  return kit;
}

export function buildSuitcase(colour: string): Kit {
  const kit = new Kit();
  const [shell, frame] = [surface({ color: colour, shiny: true, roughness: 0.4 }), metal()];
  kit.box(0.42, 0.6, 0.24, shell, [0, 0.36, 0]);
  for (let i = -2; i <= 2; i++) kit.box(0.025, 0.56, 0.252, shell, [i * 0.08, 0.36, 0]);
  for (const s of [-1, 1]) {
    kit.tube([s * 0.09, 0.66, -0.08], [s * 0.09, 1.0, -0.08], 0.008, frame);
    for (const z of [-0.08, 0.08])
      kit.wheel({ z, x: s * 0.16, radius: 0.03, tyre: 0.009, spokes: 0, rim: frame, disc: true });
  }
  kit.tube([-0.1, 1.0, -0.08], [0.1, 1.0, -0.08], 0.014, black());
  return kit;
}

export function buildParcel(_colour: string, random: Random): Kit {
  const kit = new Kit();
  kit.box(0.42, 0.28, 0.32, cardboard(random), [0, 0.14, 0]);
  kit.box(0.424, 0.284, 0.05, surface({ color: 0xc9b184 }), [0, 0.14, 0]);
  return kit;
}

/** A lithium battery taken off a bike and carried by its handle. */
export function buildBattery(colour: string): Kit {
  const kit = new Kit();
  kit.box(0.14, 0.24, 0.22, surface({ color: colour }), [0, 0.12, 0]);
  kit.box(0.145, 0.05, 0.225, surface({ color: 0xb5342a }), [0, 0.18, 0]);
  kit.bar(
    [
      [0, 0.24, -0.08],
      [0, 0.31, -0.05],
      [0, 0.31, 0.05],
      [0, 0.24, 0.08],
    ],
    0.012,
    black(),
  );
  return kit;
}

function cardboard(random: Random): THREE.Material {
  return surface({
    color: new THREE.Color().setHSL(0.085, random.between(0.3, 0.45), random.between(0.38, 0.52)),
  });
}
