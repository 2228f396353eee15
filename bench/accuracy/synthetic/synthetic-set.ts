import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Box, Frame } from '../../../core/index.ts';
import { EBIKE_KINDS, type FrameTruth, type TruthBox } from '../../../datasets/index.ts';
import { readStill } from '../stills.ts';

export interface SyntheticStill {
  readonly frame: Frame;
  /** What the camera is: where it hangs, or how it sees. */
  readonly camera: CameraType;
  /** People of whom enough is seen to ask for them, and those of whom less is: finding those is neither right nor wrong. */
  readonly people: readonly Box[];
  readonly slivers: readonly Box[];
  readonly ebikes: readonly Box[];
}

export const CAMERA_TYPES = ['corner', 'corner, wide fisheye', 'back edge', 'centre', 'infrared'] as const;
export type CameraType = (typeof CAMERA_TYPES)[number];

/** Share of a person that must be seen. */
const ENOUGH = 0.3;
/** A corner camera with at least this field of view sees by its fisheye, degrees. */
const WIDE = 117;

interface StillTruth extends FrameTruth {
  readonly name: string;
  readonly camera: { readonly mount: string; readonly hfov: number; readonly infrared: boolean };
}

/** The pictures of a drawn set in which something can be seen, in the set's order, with their truth. */
export async function* syntheticStills(folder: string): AsyncGenerator<SyntheticStill> {
  const files = (await readdir(path.join(folder, 'truth'))).filter((name) => name.endsWith('.json')).sort();
  for (const file of files) {
    const truth = JSON.parse(await readFile(path.join(folder, 'truth', file), 'utf8')) as StillTruth;
    if (truth.picture !== 'none' && truth.picture !== 'infrared') continue;
    const seen = truth.people.filter((p) => p.visibleBox !== null);
    const boxes = (things: readonly { readonly visibleBox: TruthBox | null }[]): Box[] =>
      things.flatMap((thing) => (thing.visibleBox ? [toBox(thing.visibleBox)] : []));
    yield {
      frame: await readStill(path.join(folder, 'images', `${truth.name}.jpg`)),
      camera: cameraType(truth.camera),
      people: boxes(seen.filter((p) => p.visibility >= ENOUGH)),
      slivers: boxes(seen.filter((p) => p.visibility < ENOUGH)),
      ebikes: boxes(truth.objects.filter((o) => EBIKE_KINDS.includes(o.kind))),
    };
  }
}

function cameraType({ mount, hfov, infrared }: StillTruth['camera']): CameraType {
  if (infrared) return 'infrared';
  if (mount === 'centre') return 'centre';
  if (mount === 'back') return 'back edge';
  return hfov >= WIDE ? 'corner, wide fisheye' : 'corner';
}

const toBox = ([x1, y1, x2, y2]: TruthBox): Box => ({ x1, y1, x2, y2 });
