import type { DeepReadonly, Lift } from '../../../config/index.ts';
import { createCabinClient } from '../../../console/index.ts';
import type { CabinMedia, Logger } from '../../../core/index.ts';
import { createServiceCabin, type ServiceCabin, type Signaling } from '../../../signaling/index.ts';
import type { Camera } from '../../../streams/index.ts';
import type { LiftPart } from '../lift-registry.ts';

export interface ServiceCabinsDeps {
  readonly signaling: Signaling;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly logger: Logger;
}

/**
 * The service itself as the cabin's side of a call, for every lift that has only a camera. One with a screen of its own takes
 * this place as soon as it connects.
 */
export class ServiceCabins implements LiftPart {
  readonly #deps: ServiceCabinsDeps;
  readonly #cabins = new Map<string, ServiceCabin>();

  private constructor(deps: ServiceCabinsDeps) {
    this.#deps = deps;
  }

  static async open(lifts: readonly DeepReadonly<Lift>[], deps: ServiceCabinsDeps): Promise<ServiceCabins> {
    const cabins = new ServiceCabins(deps);
    for (const lift of lifts) await cabins.put(lift);
    return cabins;
  }

  /** Without wrtc for this machine such cabins cannot be called; all else goes on. */
  async put({ id: liftId, name = liftId }: DeepReadonly<Lift>): Promise<void> {
    if (this.#cabins.has(liftId)) return;
    const { signaling, cameras, logger } = this.#deps;
    const media = (): CabinMedia | undefined => cameras.get(liftId)?.callMedia();
    try {
      const cabin = await createServiceCabin(
        { liftId, name },
        { signaling, media: currentMedia(media), createClient: createCabinClient as never, logger },
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
