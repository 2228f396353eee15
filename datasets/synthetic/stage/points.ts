import * as THREE from 'three';

/** A mesh's vertices after `matrix`, x y z interleaved, rounded to millimetres. */
export function meshPoints(mesh: THREE.Mesh, matrix: THREE.Matrix4): number[] {
  const out: number[] = [];
  const p = mesh.geometry.getAttribute('position');
  const v = new THREE.Vector3();
  for (let i = 0; i < p.count; i++) {
    v.fromBufferAttribute(p, i).applyMatrix4(matrix);
    out.push(Math.round(v.x * 1000) / 1000, Math.round(v.y * 1000) / 1000, Math.round(v.z * 1000) / 1000);
  }
  return out;
}

/** All vertices under a group, in the group's frame. */
export function groupPoints(group: THREE.Object3D): number[] {
  group.updateMatrixWorld(true);
  const inverse = group.matrixWorld.clone().invert();
  const out: number[] = [];
  group.traverse((o) => {
    if (o instanceof THREE.Mesh)
      for (const x of meshPoints(o, inverse.clone().multiply(o.matrixWorld))) out.push(x);
  });
  return out;
}
