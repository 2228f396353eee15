import type { Wall } from '../../api/index.ts';
import type { Scene } from '../../core/index.ts';
import { faceRegions } from '../../inference/index.ts';
import type { Camera } from '../../streams/index.ts';
import { hideFaces } from './hide-faces.ts';

type Picture = Awaited<ReturnType<Wall['snapshot']>>;

export interface CabinPictureDeps {
  /** @throws CabinwatchError INPUT_NOT_FOUND, MEDIA_UNAVAILABLE */
  readonly camera: (id: string) => Pick<Camera, 'snapshot'>;
  /** The newest that a model has looked at. */
  readonly scene: (id: string) => Scene | undefined;
  /** Monotonic milliseconds. */
  readonly stopwatch: () => number;
}

/** Every watching page fetches the wall's pictures; they share them for so long. */
const SHARED_FOR_MS = 1000;

/** A camera's latest picture, on request with nobody in it to be recognised. */
export function createCabinPictures({ camera, scene, stopwatch }: CabinPictureDeps): Wall['snapshot'] {
  const shared = new Map<string, { readonly madeAt: number; readonly picture: Promise<Picture> }>();

  async function take(id: string): Promise<Picture> {
    const { jpeg, ts } = await camera(id).snapshot();
    return { jpeg, takenAt: ts };
  }

  async function takeHidden(id: string): Promise<Picture> {
    const { jpeg, takenAt } = await take(id);
    return { jpeg: await hideFaces(jpeg, faceRegions(scene(id), takenAt)), takenAt };
  }

  return async (id, how) => {
    if (!how.hideFaces) return take(id);
    const now = stopwatch();
    for (const [key, { madeAt }] of shared) if (now - madeAt > SHARED_FOR_MS) shared.delete(key);
    const known = shared.get(id);
    if (known) return known.picture;
    const picture = takeHidden(id);
    shared.set(id, { madeAt: now, picture });
    return picture;
  };
}
