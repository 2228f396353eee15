import * as THREE from 'three';
import type { Random } from '../../random.ts';
import { surface } from '../lens-material.ts';
import { paintTexture, shade } from '../textures.ts';
import { Kit } from './kit.ts';

const lacquer = (colour: string): THREE.Material =>
  surface({ color: colour, shiny: true, roughness: 0.3, metalness: 0.1, side: THREE.DoubleSide });
const chrome = (): THREE.Material =>
  surface({ color: 0xc2c4c6, shiny: true, roughness: 0.25, metalness: 0.7 });
const black = (): THREE.Material => surface({ color: 0x1a1a1b, side: THREE.DoubleSide });
const dark = (): THREE.Material => surface({ color: 0x2b2c2e });

/** The light moped that fills Chinese bicycle sheds: small wheels, leg shield, flat floor, long saddle. */
export function buildMoped(colour: string, random: Random): Kit {
  const kit = new Kit();
  const paint = lacquer(colour);
  const [rubber, trim, metal] = [black(), dark(), chrome()];
  const r = random.between(0.205, 0.235);
  const [front, rear] = [0.57, -0.56];
  kit.wheel({ z: front, radius: r, tyre: 0.042, spokes: 5, rim: metal, hub: 0.045 });
  kit.wheel({ z: rear, radius: r, tyre: 0.045, spokes: 3, rim: metal, hub: 0.1 });
  kit.mudguard({ z: front, wheel: r, gap: 0.03, width: 0.11, from: 0.35, to: 2.3, material: paint });
  for (const s of [-1, 1]) {
    kit.tube([s * 0.065, r, front], [s * 0.06, 0.58, 0.42], 0.019, metal);
    kit.tube([s * 0.1, r, rear], [s * 0.1, 0.3, -0.2], 0.018, trim);
    kit.tube(
      [s * 0.115, r + 0.03, rear + 0.02],
      [s * 0.115, 0.62, -0.46],
      0.024,
      surface({ color: 0xa31d1d }),
    );
  }
  kit.tube([0, 0.55, 0.43], [0, 1.0, 0.27], 0.028, trim);
  // Leg shield, floor with the battery under it, body under the saddle.
  kit.profile(
    [
      [0.46, 0.36],
      [0.5, 0.55],
      [0.4, 0.86],
      [0.34, 0.84],
      [0.4, 0.58],
      [0.36, 0.38],
    ],
    0.36,
    0.05,
    paint,
  );
  kit.box(0.27, 0.05, 0.46, rubber, [0, 0.32, 0.13]);
  kit.box(0.22, 0.13, 0.42, trim, [0, 0.24, 0.1]);
  kit.profile(
    [
      [-0.06, 0.3],
      [-0.1, 0.66],
      [-0.3, 0.74],
      [-0.66, 0.72],
      [-0.82, 0.62],
      [-0.72, 0.5],
      [-0.42, 0.44],
      [-0.26, 0.3],
    ],
    0.27,
    0.06,
    paint,
  );
  kit.profile(
    [
      [0.0, 0.72],
      [-0.06, 0.8],
      [-0.24, 0.79],
      [-0.4, 0.85],
      [-0.64, 0.86],
      [-0.72, 0.79],
      [-0.5, 0.74],
      [-0.2, 0.71],
    ],
    0.26,
    0.045,
    surface({ color: random.pick([0x171717, 0x171717, 0x5b3a28, 0x3a3d44]) }),
  );
  // Head: cowl, lamp, bars, mirrors.
  kit.blob([0.15, 0.11, 0.12], paint, [0, 0.98, 0.33], [-0.2, 0, 0]);
  kit.blob([0.075, 0.06, 0.04], surface({ color: 0xf3efdd }), [0, 0.97, 0.44]);
  kit.box(0.17, 0.02, 0.1, rubber, [0, 1.075, 0.28], [0.5, 0, 0]);
  kit.bar(
    [
      [-0.34, 1.03, 0.2],
      [-0.18, 1.03, 0.27],
      [0, 1.0, 0.29],
      [0.18, 1.03, 0.27],
      [0.34, 1.03, 0.2],
    ],
    0.013,
    metal,
  );
  for (const s of [-1, 1]) {
    kit.tube([s * 0.23, 1.03, 0.25], [s * 0.35, 1.03, 0.195], 0.02, rubber);
    if (random.chance(0.8)) {
      kit.tube([s * 0.19, 1.04, 0.27], [s * 0.29, 1.22, 0.27], 0.006, rubber);
      kit.blob([0.07, 0.05, 0.02], rubber, [s * 0.31, 1.25, 0.27]);
    }
    kit.blob([0.035, 0.022, 0.02], surface({ color: 0xe08a1e }), [s * 0.17, 0.78, 0.45]);
  }
  kit.box(0.16, 0.05, 0.03, surface({ color: 0xb01215 }), [0, 0.66, -0.82]);
  kit.box(
    0.19,
    0.13,
    0.008,
    surface({ color: random.chance(0.5) ? 0xf0f0ee : 0x2c7a45 }),
    [0, 0.5, -0.78],
    [-0.3, 0, 0],
  );
  kit.tube([0.1, 0.26, -0.1], [0.19, 0.01, -0.2], 0.011, metal);
  kit.bar(
    [
      [-0.12, 0.8, -0.6],
      [-0.12, 0.86, -0.84],
      [0.12, 0.86, -0.84],
      [0.12, 0.8, -0.6],
    ],
    0.011,
    metal,
  );
  if (random.chance(0.45))
    kit.box(
      0.34,
      0.27,
      0.28,
      surface({ color: random.pick([0x222326, 0xd8c02a, 0x2f6db3, 0x3b3b3e]) }),
      [0, 0.99, -0.74],
    );
  if (random.chance(0.35)) kit.basket(0.3, 0.2, 0.22, [0, 0.86, 0.58], rubber);
  loads(kit, random);
  return kit;
}

/** A bicycle-shaped e-bike: spoked wheels, battery box behind the seat tube, basket. */
export function buildCityEbike(colour: string, random: Random): Kit {
  const kit = new Kit();
  const paint = lacquer(colour);
  const [rubber, trim, metal] = [black(), dark(), chrome()];
  const r = random.between(0.25, 0.31);
  const [front, rear] = [0.52, -0.52];
  kit.wheel({ z: front, radius: r, tyre: 0.027, spokes: 24, rim: metal, hub: 0.03 });
  kit.wheel({ z: rear, radius: r, tyre: 0.028, spokes: 24, rim: metal, hub: 0.085 });
  kit.mudguard({ z: front, wheel: r, gap: 0.02, width: 0.06, from: 0.4, to: 2.4, material: rubber });
  kit.mudguard({ z: rear, wheel: r, gap: 0.02, width: 0.06, from: 0.7, to: 3.1, material: rubber });
  for (const s of [-1, 1]) {
    kit.tube([s * 0.05, r, front], [s * 0.045, 0.62, 0.37], 0.015, metal);
    kit.tube([s * 0.05, r, rear], [s * 0.03, 0.28, -0.06], 0.014, paint);
    kit.tube([s * 0.05, r, rear], [s * 0.02, 0.62, -0.22], 0.012, paint);
    kit.tube([s * 0.06, 0.7, -0.26], [s * 0.06, 0.7, -0.76], 0.009, rubber);
    kit.tube([s * 0.05, r, rear], [s * 0.06, 0.69, -0.62], 0.008, rubber);
  }
  kit.tube([0, 0.28, -0.06], [0, 0.8, -0.27], 0.019, paint);
  kit.bar(
    [
      [0, 0.3, -0.05],
      [0, 0.42, 0.15],
      [0, 0.66, 0.37],
    ],
    0.032,
    paint,
  );
  kit.bar(
    [
      [0, 0.5, -0.15],
      [0, 0.54, 0.1],
      [0, 0.74, 0.34],
    ],
    0.02,
    paint,
  );
  kit.tube([0, 0.6, 0.38], [0, 1.0, 0.25], 0.022, trim);
  kit.bar(
    [
      [-0.31, 1.04, 0.11],
      [-0.2, 1.05, 0.2],
      [0, 1.02, 0.26],
      [0.2, 1.05, 0.2],
      [0.31, 1.04, 0.11],
    ],
    0.012,
    metal,
  );
  for (const s of [-1, 1]) kit.tube([s * 0.24, 1.045, 0.17], [s * 0.32, 1.04, 0.1], 0.019, rubber);
  kit.profile(
    [
      [0.0, 0.88],
      [-0.12, 0.92],
      [-0.34, 0.93],
      [-0.38, 0.87],
      [-0.2, 0.84],
    ],
    0.2,
    0.05,
    rubber,
  );
  kit.box(0.13, 0.34, 0.16, trim, [0, 0.5, -0.3], [-0.38, 0, 0]);
  for (let i = 0; i < 5; i++)
    kit.tube([-0.06, 0.7, -0.3 - i * 0.1], [0.06, 0.7, -0.3 - i * 0.1], 0.006, rubber);
  if (random.chance(0.6))
    kit.profile(
      [
        [0.42, 0.4],
        [0.46, 0.6],
        [0.4, 0.8],
        [0.35, 0.8],
        [0.4, 0.58],
        [0.37, 0.4],
      ],
      0.26,
      0.04,
      paint,
    );
  kit.blob([0.05, 0.05, 0.04], surface({ color: 0xf3efdd }), [0, 0.78, 0.44]);
  if (random.chance(0.8)) kit.basket(0.32, 0.23, 0.24, [0, 0.78, 0.56], rubber);
  kit.add(new THREE.CylinderGeometry(0.09, 0.09, 0.02, 22), trim, [0.06, 0.27, -0.05], [0, 0, Math.PI / 2]);
  kit.tube([0.09, 0.27, -0.05], [0.1, 0.15, 0.05], 0.011, metal);
  kit.box(0.09, 0.025, 0.07, rubber, [0.15, 0.14, 0.06]);
  kit.box(0.09, 0.025, 0.07, rubber, [-0.14, 0.4, -0.16]);
  loads(kit, random);
  return kit;
}

/** Under a rain cover hardly anything but the shape says what it is. */
export function buildCoveredEbike(colour: string, random: Random): Kit {
  const kit = buildMoped(random.pick(['#2c2c30', '#8a1f22', '#e3e0d8']), random);
  kit.drape([0.36, 0.46, 0.62], [0, 0.66, -0.32], coverMaterial(colour, random), random, 0.1);
  kit.drape([0.4, 0.3, 0.26], [0, 0.92, 0.3], coverMaterial(colour, random), random, 0.12);
  return kit;
}

/** A standing e-scooter. */
export function buildScooter(colour: string, random: Random): Kit {
  const kit = new Kit();
  const [rubber, metal] = [black(), dark()];
  kit.wheel({ z: 0.48, radius: 0.11, tyre: 0.022, spokes: 5, rim: metal, hub: 0.04 });
  kit.wheel({ z: -0.44, radius: 0.11, tyre: 0.022, spokes: 5, rim: metal, hub: 0.04 });
  kit.box(0.16, 0.05, 0.62, metal, [0, 0.15, -0.06]);
  kit.box(0.13, 0.012, 0.56, surface({ color: colour }), [0, 0.182, -0.06]);
  kit.tube([0, 0.11, 0.48], [0, 0.32, 0.44], 0.03, metal);
  kit.tube([0, 0.3, 0.44], [0, 1.1, 0.34], 0.022, lacquer(colour));
  kit.tube([-0.24, 1.09, 0.34], [0.24, 1.09, 0.34], 0.013, metal);
  for (const s of [-1, 1]) kit.tube([s * 0.15, 1.09, 0.34], [s * 0.25, 1.09, 0.34], 0.019, rubber);
  kit.mudguard({ z: -0.44, wheel: 0.11, gap: 0.02, width: 0.06, from: 1.2, to: 2.9, material: rubber });
  if (random.chance(0.3)) kit.blob([0.09, 0.14, 0.08], surface({ color: 0x33363d }), [0, 0.82, 0.47]);
  return kit;
}

/** What hangs and lies on real e-bikes: wind quilt, helmet, shopping. */
function loads(kit: Kit, random: Random): void {
  if (random.chance(0.3)) {
    const cloth = coverMaterial(random.pick(['#c8a2b0', '#38455e', '#7a2d35', '#4e6b52', '#b59a6a']), random);
    kit.drape([0.4, 0.13, 0.12], [0, 1.03, 0.26], cloth, random, 0.1);
    kit.drape([0.3, 0.36, 0.09], [0, 0.74, 0.44], cloth, random, 0.16);
  }
  if (random.chance(0.3)) {
    const helmet = surface({
      color: random.pick([0x1c1c20, 0xd94a6a, 0x2f5fb0, 0xe4e2dc, 0x9bbf3a]),
      shiny: true,
      roughness: 0.3,
    });
    kit.add(
      new THREE.SphereGeometry(0.14, 20, 12, 0, Math.PI * 2, 0, 2),
      helmet,
      random.chance(0.5) ? [0, 0.93, -0.3] : [0.28, 0.98, 0.24],
      [random.between(-0.8, 0.8), 0, random.between(-0.6, 0.6)],
    );
  }
  if (random.chance(0.25))
    kit.drape(
      [0.13, 0.17, 0.14],
      [0, 0.5, 0.12],
      surface({ color: random.pick([0xd8d6d0, 0xb03a30, 0x3d6a45]) }),
      random,
      0.12,
    );
}

function coverMaterial(colour: string, random: Random): THREE.Material {
  const map = paintTexture(128, 128, (pen, w, h) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, w, h);
    const kind = random.integer(0, 3);
    for (let i = 0; i < 46; i++) {
      pen.fillStyle = shade(colour, random.between(-18, 24), 0.8, 10);
      if (kind === 0)
        pen.fillRect(
          random.between(0, w),
          random.between(0, h),
          random.between(3, 12),
          random.between(3, 12),
        );
      else if (kind === 1) pen.fillRect(0, i * 12, w, 4);
      else if (kind === 2) {
        pen.beginPath();
        pen.arc(random.between(0, w), random.between(0, h), random.between(2, 7), 0, 7);
        pen.fill();
      }
    }
  });
  map.repeat.set(3, 3);
  return surface({ map, side: THREE.DoubleSide });
}
