import type { DeepReadonly, Lift } from '../../../config/index.ts';
import { createCabinClient } from '../../../console/index.ts';
import type { CabinMedia, CabinTerminal, Clock, Logger, Talkback } from '../../../core/index.ts';
import { createServiceCabin, type ServiceCabin, type Signaling } from '../../../signaling/index.ts';
import type { Camera } from '../../../streams/index.ts';
import type { LiftPart } from '../lift-registry.ts';

export interface ServiceCabinsDeps {
  readonly signaling: Signaling;
  readonly cameras: ReadonlyMap<string, Camera>;
  /** The screen in the cabin, which answers calls there. */
  readonly screen: (liftId: string) => Promise<Pick<CabinTerminal, 'id'> | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A screen whose line has been down for so long does not answer, ms: as long as its place in the room is kept. */
const AWAY_MS = 20_000;
/** How often it is looked whether the screens are there, ms. */
const LOOK_MS = 1_000;

/**
 * The service itself as the cabin's side of a call: for every lift that has no screen of its own, and for one whose screen is away.
 * A screen that comes back takes its place again, by the room's rule of one cabin a lift.
 */
export class ServiceCabins implements LiftPart {
  readonly #deps: ServiceCabinsDeps;
  readonly #lifts = new Map<string, DeepReadonly<Lift>>();
  readonly #screens = new Map<string, { readonly id: string; seenAt: number }>();
  readonly #cabins = new Map<string, Promise<ServiceCabin | undefined>>();
  readonly #timer: NodeJS.Timeout;

  constructor(deps: ServiceCabinsDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  async put(lift: DeepReadonly<Lift>): Promise<void> {
    this.#lifts.set(lift.id, lift);
    await this.meet(lift.id);
  }

  async remove(liftId: string): Promise<void> {
    this.#lifts.delete(liftId);
    this.#screens.delete(liftId);
    await this.#shut(liftId);
  }

  /** The lift's screen is another one, or there is none any more. */
  async meet(liftId: string): Promise<void> {
    const screen = await this.#deps.screen(liftId);
    if (!this.#lifts.has(liftId)) return;
    if (screen?.id === this.#screens.get(liftId)?.id && this.#cabins.has(liftId)) return;
    this.#screens.delete(liftId);
    if (screen) {
      this.#screens.set(liftId, { id: screen.id, seenAt: this.#deps.clock.now() });
      await this.#shut(liftId);
    } else await this.#open(liftId);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#lifts.clear();
    this.#screens.clear();
    await Promise.all([...this.#cabins.keys()].map((liftId) => this.#shut(liftId)));
  }

  #look(): void {
    const { signaling, clock, logger } = this.#deps;
    const now = clock.now();
    for (const [liftId, screen] of this.#screens) {
      if (signaling.isPresent(liftId, screen.id)) {
        screen.seenAt = now;
        if (this.#cabins.has(liftId)) void this.#shut(liftId);
      } else if (
        now - screen.seenAt >= AWAY_MS &&
        !this.#cabins.has(liftId) &&
        // Two who talk are not parted because the line beside their media is down.
        signaling.callState(liftId) === 'idle'
      ) {
        logger.warn({ liftId }, 'the screen in the cabin is away; its camera answers calls');
        void this.#open(liftId);
      }
    }
  }

  async #open(liftId: string): Promise<void> {
    const lift = this.#lifts.get(liftId);
    if (!lift || this.#cabins.has(liftId)) return;
    const opening = this.#create(lift);
    this.#cabins.set(liftId, opening);
    await opening;
  }

  async #shut(liftId: string): Promise<void> {
    const cabin = this.#cabins.get(liftId);
    this.#cabins.delete(liftId);
    await (await cabin)?.close();
  }

  /** Without wrtc for this machine such cabins cannot be called; all else goes on. */
  async #create({ id: liftId, name = liftId }: DeepReadonly<Lift>): Promise<ServiceCabin | undefined> {
    const { signaling, cameras, logger } = this.#deps;
    const media = currentMedia(() => cameras.get(liftId)?.callMedia());
    const talkback = currentTalkback(() => cameras.get(liftId)?.talkback());
    try {
      return await createServiceCabin(
        { liftId, name },
        { signaling, media, talkback, createClient: createCabinClient as never, logger },
      );
    } catch (error) {
      logger.warn(
        { liftId, detail: (error as Error).message },
        'a cabin with only a camera cannot be called',
      );
      return undefined;
    }
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
