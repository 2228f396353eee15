import { cameraPose, createLens, insidePicture, Projector } from './lens.ts';
import type { Vec3 } from './math.ts';
import type { Scenario } from './scenario/schema.ts';

type Corner = [x: number, y: number];

/**
 * The door opening as the scenario's camera sees it: what a site engineer would mark as `inference.view.doorway`. Ten
 * points, since lenses bend straight edges; none where the camera does not see the whole sill.
 */
export function doorwayOf({ cabin, camera, width, height }: Scenario): Corner[] {
  const lens = createLens(camera.hfov, camera.fisheye);
  const projector = new Projector(cameraPose(cabin, camera), lens, width, height);
  const at = (across: number, up: number): Vec3 => [
    cabin.doorOffset + (across - 0.5) * cabin.doorWidth,
    up * cabin.doorHeight,
    cabin.depth / 2,
  ];
  const sill = [0, 0.25, 0.5, 0.75, 1].map((across) => projector.project(at(across, 0)));
  if (!sill.every(insidePicture)) return [];
  const above = [at(1, 0.5), at(1, 1), at(0.5, 1), at(0, 1), at(0, 0.5)].map((p) => projector.project(p));
  const bounded = (v: number): number => Math.round(Math.min(1.5, Math.max(-0.5, v)) * 1e4) / 1e4;
  return [...sill, ...above].map(({ x, y }) => [bounded(x), bounded(y)]);
}
