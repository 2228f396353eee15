import { join } from 'node:path';
import type { Cabins } from '../../../api/index.ts';
import type { Config, DeepReadonly } from '../../../config/index.ts';
import { buildCabinPage, putCalmingScript } from '../../../console/index.ts';
import type { CarState, Clock, Logger } from '../../../core/index.ts';
import {
  buildCalming,
  type CalmingOptions,
  createCabinBoard,
  createTerminals,
  draftCalming,
  type Signaling,
} from '../../../signaling/index.ts';
import type { Judgement } from '../judge-lifts.ts';

export interface CabinScreensDeps {
  readonly desk: Judgement['desk'];
  readonly car: (liftId: string) => CarState | undefined;
  readonly signaling: Pick<Signaling, 'joinToken' | 'withdraw'>;
  /** Told when a lift has got another screen, or has lost it. */
  readonly onPaired: (liftId: string) => Promise<void>;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute; the folder that is served at `/`. */
  readonly pageDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface CabinScreens extends Cabins {
  /** The car of a lift is in another state. */
  changed(liftId: string): void;
  close(): Promise<void>;
}

/**
 * The screens in the cabins: which are let in, what they show and say, and their help button.
 * @throws CabinwatchError CONFIG_INVALID for calming messages or recordings that cannot be used
 */
export async function createCabinScreens(
  options: DeepReadonly<Config['calming']>,
  deps: CabinScreensDeps,
): Promise<CabinScreens> {
  const { desk, car, signaling, onPaired, dataDir, pageDir, clock, logger } = deps;
  const calming = structuredClone(options) as CalmingOptions;
  await buildCabinPage({ rootDir: pageDir, script: await draftCalming(calming) });
  // Beside all else: the first time it takes a while, and nobody shall wait for it.
  const ended = new AbortController();
  const recorded = recordCalming(calming, { pageDir, logger, signal: ended.signal });
  const terminals = await createTerminals({
    dir: join(dataDir, 'terminals'),
    clock,
    onRevoked: ({ liftId, id }) => signaling.withdraw(liftId, id),
  });
  const board = createCabinBoard({ incidents: (liftId) => desk.openIncidents(liftId), car, clock });
  const stop = desk.on('change', ({ incident }) => board.changed(incident.liftId));
  return {
    board,
    terminals: {
      ...terminals,
      async pair(liftId, code) {
        const paired = await terminals.pair(liftId, code);
        await onPaired(liftId);
        return paired;
      },
      async revoke(liftId) {
        await terminals.revoke(liftId);
        await onPaired(liftId);
      },
    },
    raiseAlarm: (liftId) => desk.push(liftId, { type: 'help', ts: clock.now() }),
    joinToken: ({ liftId, id }) =>
      signaling.joinToken({ liftId, role: 'cabin', identity: id, name: 'cabin screen' }),
    changed: (liftId) => board.changed(liftId),
    async close() {
      stop();
      ended.abort();
      await recorded;
    },
  };
}

interface Recording {
  readonly pageDir: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Never rejects: without recordings browsers speak. */
async function recordCalming(options: CalmingOptions, { pageDir, logger, signal }: Recording): Promise<void> {
  try {
    const outDir = join(pageDir, 'calming');
    const script = await buildCalming(options, { outDir, baseUrl: '/calming', logger, signal });
    await putCalmingScript({ rootDir: pageDir, script });
  } catch (err) {
    logger.warn({ err }, 'calming messages could not be recorded; browsers speak them as well as they can');
  }
}
