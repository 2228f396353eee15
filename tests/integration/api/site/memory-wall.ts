import type { CameraView, Wall, WallMessage } from '../../../../api/index.ts';
import { CabinwatchError } from '../../../../core/index.ts';

export function aCamera(id: string, liftId: string): CameraView {
  return {
    id,
    liftId,
    name: id,
    health: {
      state: 'online',
      since: 1000,
      lastPictureAt: 2000,
      reconnects: 0,
      fpsExpected: 15,
      fpsGot: 14.9,
      error: null,
    },
    occupancy: 2,
    active: [],
    scene: null,
  };
}

/** A wall of cameras that do what a test says. */
export class MemoryWall implements Wall {
  readonly listeners = new Set<(message: WallMessage) => void>();
  readonly #cameras: readonly CameraView[];
  parts: Record<string, boolean> = { media: true };

  constructor(cameras: readonly CameraView[]) {
    this.#cameras = cameras;
  }

  cameras = () => this.#cameras;
  events = () => [];
  health = () => this.parts;

  subscribe(listener: (message: WallMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Three bytes; a fourth says that faces are hidden. */
  async snapshot(id: string, { hideFaces }: { readonly hideFaces: boolean }) {
    this.#know(id);
    return { jpeg: new Uint8Array([0xff, 0xd8, 0xff, ...(hideFaces ? [0] : [])]), takenAt: 5000 };
  }

  async live(id: string) {
    this.#know(id);
    return {
      token: 't',
      expiresAt: 9000,
      httpFlv: `/live/${id}.flv?token=t`,
      wsFlv: `/live/${id}.flv?token=t`,
    };
  }

  tell(message: WallMessage): void {
    for (const listener of this.listeners) listener(message);
  }

  #know(id: string): void {
    if (this.#cameras.some((camera) => camera.id === id)) return;
    throw new CabinwatchError('INPUT_NOT_FOUND', `There is no camera "${id}".`);
  }
}
