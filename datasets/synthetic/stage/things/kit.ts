import * as THREE from 'three';
import type { Random } from '../../random.ts';
import { blockGeometry } from '../cabin.ts';
import { surface } from '../lens-material.ts';

type Point = readonly [number, number, number];

/** Parts from which things are put together; everything casts and takes shadows. Metres, forwards is +z. */
export class Kit {
  readonly group = new THREE.Group();
  readonly wheels: THREE.Object3D[] = [];

  add(
    geometry: THREE.BufferGeometry,
    material: THREE.Material,
    at: Point,
    turn: Point = [0, 0, 0],
    size: Point = [1, 1, 1],
    parent: THREE.Object3D = this.group,
  ): THREE.Mesh {
    const mesh = new THREE.Mesh(geometry, material);
    mesh.position.set(...at);
    mesh.rotation.set(...turn);
    mesh.scale.set(...size);
    mesh.castShadow = mesh.receiveShadow = true;
    mesh.frustumCulled = false;
    parent.add(mesh);
    return mesh;
  }

  box(
    w: number,
    h: number,
    d: number,
    material: THREE.Material,
    at: Point,
    turn: Point = [0, 0, 0],
  ): THREE.Mesh {
    return this.add(blockGeometry(w, h, d), material, at, turn);
  }

  /** An ellipsoid with the given half axes. */
  blob(size: Point, material: THREE.Material, at: Point, turn: Point = [0, 0, 0]): THREE.Mesh {
    return this.add(new THREE.SphereGeometry(1, 22, 14), material, at, turn, size);
  }

  tube(
    from: Point,
    to: Point,
    radius: number,
    material: THREE.Material,
    parent: THREE.Object3D = this.group,
  ): THREE.Mesh {
    const a = new THREE.Vector3(...from);
    const b = new THREE.Vector3(...to);
    const length = a.distanceTo(b);
    const mesh = this.add(
      new THREE.CylinderGeometry(radius, radius, length, 9, Math.max(1, Math.ceil(length / 0.1))),
      material,
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 1],
      parent,
    );
    mesh.position.copy(a).lerp(b, 0.5);
    mesh.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), b.sub(a).normalize());
    return mesh;
  }

  /** A bent tube through the points. */
  bar(points: readonly Point[], radius: number, material: THREE.Material): THREE.Mesh {
    const curve = new THREE.CatmullRomCurve3(
      points.map((p) => new THREE.Vector3(...p)),
      false,
      'centripetal',
    );
    return this.add(new THREE.TubeGeometry(curve, points.length * 6, radius, 8), material, [0, 0, 0]);
  }

  /** A side view drawn in (z, y), extruded to `width` with rounded edges. */
  profile(
    points: readonly (readonly [number, number])[],
    width: number,
    round: number,
    material: THREE.Material,
    y = 0,
  ): THREE.Mesh {
    const outline = new THREE.SplineCurve(points.map(([z, h]) => new THREE.Vector2(z, h))).getPoints(
      points.length * 5,
    );
    const geometry = new THREE.ExtrudeGeometry(new THREE.Shape(outline), {
      depth: width - 2 * round,
      bevelEnabled: true,
      bevelSize: round,
      bevelThickness: round,
      bevelSegments: 3,
      curveSegments: 6,
    });
    geometry.translate(0, 0, -(width - 2 * round) / 2);
    geometry.rotateY(-Math.PI / 2);
    return this.add(geometry, material, [0, y, 0]);
  }

  /** A wheel on the z axis line; it turns with the distance rolled. */
  wheel(options: {
    z: number;
    x?: number;
    radius: number;
    tyre: number;
    spokes: number;
    rim: THREE.Material;
    hub?: number;
    disc?: boolean;
  }): void {
    const { radius: r, tyre } = options;
    const wheel = new THREE.Group();
    wheel.position.set(options.x ?? 0, r, options.z);
    const rubber = surface({ color: 0x191919 });
    this.add(
      new THREE.TorusGeometry(r - tyre, tyre, 10, 36),
      rubber,
      [0, 0, 0],
      [0, Math.PI / 2, 0],
      [1, 1, 1],
      wheel,
    );
    this.add(
      new THREE.TorusGeometry(r - 2 * tyre, tyre * 0.4, 6, 32),
      options.rim,
      [0, 0, 0],
      [0, Math.PI / 2, 0],
      [1, 1, 1],
      wheel,
    );
    const inner = r - 2 * tyre;
    if (options.disc)
      this.add(
        new THREE.CylinderGeometry(inner, inner, tyre, 20),
        options.rim,
        [0, 0, 0],
        [0, 0, Math.PI / 2],
        [1, 1, 1],
        wheel,
      );
    for (let i = 0; i < options.spokes; i++) {
      const a = (i / options.spokes) * 2 * Math.PI;
      this.tube(
        [i % 2 ? 0.015 : -0.015, 0, 0],
        [0, Math.sin(a) * inner, Math.cos(a) * inner],
        options.spokes > 8 ? 0.0025 : 0.011,
        options.rim,
        wheel,
      );
    }
    this.add(
      new THREE.CylinderGeometry(options.hub ?? 0.04, options.hub ?? 0.04, tyre * 2.2, 16),
      surface({ color: 0x2b2c2f }),
      [0, 0, 0],
      [0, 0, Math.PI / 2],
      [1, 1, 1],
      wheel,
    );
    this.group.add(wheel);
    this.wheels.push(wheel);
  }

  /** An arc over a wheel: angles from straight ahead (0) over the top (π/2) to behind (π). */
  mudguard(options: {
    z: number;
    wheel: number;
    gap: number;
    width: number;
    from: number;
    to: number;
    material: THREE.Material;
  }): void {
    const radius = options.wheel + options.gap;
    const geometry = new THREE.CylinderGeometry(
      radius,
      radius,
      options.width,
      18,
      1,
      true,
      options.from,
      options.to - options.from,
    );
    geometry.rotateZ(Math.PI / 2);
    this.add(geometry, options.material, [0, options.wheel, options.z]);
  }

  /** A wire basket, its floor at y, open at the top. */
  basket(w: number, h: number, d: number, at: Point, material: THREE.Material): void {
    const [x, y, z] = at;
    for (let i = 0; i <= 6; i++) {
      const u = i / 6 - 0.5;
      for (const s of [-1, 1]) {
        this.tube(
          [x + u * w * 0.86, y, z + (s * d * 0.86) / 2],
          [x + u * w, y + h, z + (s * d) / 2],
          0.004,
          material,
        );
        this.tube(
          [x + (s * w * 0.86) / 2, y, z + u * d * 0.86],
          [x + (s * w) / 2, y + h, z + u * d],
          0.004,
          material,
        );
      }
    }
    for (const level of [0, 0.5, 1]) {
      const k = 0.43 + 0.07 * level;
      for (const s of [-1, 1]) {
        this.tube(
          [x - k * w, y + level * h, z + s * k * d],
          [x + k * w, y + level * h, z + s * k * d],
          0.005,
          material,
        );
        this.tube(
          [x + s * k * w, y + level * h, z - k * d],
          [x + s * k * w, y + level * h, z + k * d],
          0.005,
          material,
        );
      }
    }
    this.box(w * 0.85, 0.008, d * 0.85, material, [x, y, z]);
  }

  /** Cloth or a cover thrown over something: an ellipsoid with folds, flat below `hem`. */
  drape(size: Point, at: Point, material: THREE.Material, random: Random, folds = 0.1): THREE.Mesh {
    const geometry = new THREE.SphereGeometry(1, 40, 26);
    const p = geometry.getAttribute('position');
    const k = Array.from({ length: 8 }, () => random.between(0.3, 1));
    for (let i = 0; i < p.count; i++) {
      const [x, y, z] = [p.getX(i), p.getY(i), p.getZ(i)];
      const a = Math.atan2(z, x);
      const low = Math.max(0, 0.35 - y);
      const fold =
        1 +
        folds *
          (0.3 + low) *
          ((k[0] as number) * Math.sin(7 * a + (k[1] as number) * 9) +
            (k[2] as number) * Math.sin(13 * a + (k[3] as number) * 7) * 0.6 +
            (k[4] as number) * Math.sin(5 * y + 3 * a) * 0.5);
      // Below the middle a cover hangs straight down.
      const s = y < 0 ? Math.min(1.6, 1 / Math.max(0.4, Math.sqrt(1 - y * y))) : 1;
      p.setXYZ(i, x * fold * s, y, z * fold * s);
    }
    geometry.computeVertexNormals();
    return this.add(geometry, material, at, [0, 0, 0], size);
  }
}
