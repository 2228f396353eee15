import type { DeepReadonly, Lift } from '../../../config/index.ts';
import { createCabinClient } from '../../../console/index.ts';
import type { CabinMedia, Logger, Talkback } from '../../../core/index.ts';
import { createServiceCabin, type ServiceCabin, type Signaling } from '../../../signaling/index.ts';
import type { Camera } from '../../../streams/index.ts';
import type { LiftPart } from '../lift-registry.ts';

export interface ServiceCabinsDeps {
  readonly signaling: Signaling;
  readonly cameras: ReadonlyMap<string, Camera>;
  /** Whether a screen in the cabin answers calls there. */
  readonly hasScreen: (liftId: string) => Promise<boolean>;
  readonly logger: Logger;
}

/** The service itself as the cabin's side of a call, for every lift that has only a camera and no screen of its own. */
export class ServiceCabins implements LiftPart {
  readonly #deps: ServiceCabinsDeps;
  readonly #cabins = new Map<string, ServiceCabin>();

  constructor(deps: ServiceCabinsDeps) {
    this.#deps = deps;
  }

  /** Without wrtc for this machine such cabins cannot be called; all else goes on. */
  async put({ id: liftId, name = liftId }: DeepReadonly<Lift>): Promise<void> {
    const { signaling, cameras, hasScreen, logger } = this.#deps;
    if (this.#cabins.has(liftId) || (await hasScreen(liftId))) return;
    const media = currentMedia(() => cameras.get(liftId)?.callMedia());
    const talkback = currentTalkback(() => cameras.get(liftId)?.talkback());
    try {
      const cabin = await createServiceCabin(
        { liftId, name },
        { signaling, media, talkback, createClient: createCabinClient as never, logger },
      );
      this.#cabins.set(liftId, cabin);
    } catch (error) {
      logger.warn(
        { liftId, detail: (error as Error).message },
        'a cabin with only a camera cannot be called',
      );
    }
  }

  async remove(liftId: string): Promise<void> {
    const cabin = this.#cabins.get(liftId);
    this.#cabins.delete(liftId);
    await cabin?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#cabins.keys()].map((liftId) => this.remove(liftId)));
  }
}

/** Of the camera as it is when the call begins: settings change, and sound may have come. */
function currentMedia(now: () => CabinMedia | undefined): CabinMedia {
  return {
    async *video(signal) {
      const media = now();
      if (media) yield* media.video(signal);
    },
    get audio() {
      return now()?.audio;
    },
  } as CabinMedia;
}

function currentTalkback(now: () => Talkback | undefined): Talkback {
  return {
    get duckDb() {
      return now()?.duckDb ?? 0;
    },
    async play(sound, signal, reached) {
      const talkback = now();
      if (talkback) await talkback.play(sound, signal, reached);
      else reached(false);
    },
  };
}
