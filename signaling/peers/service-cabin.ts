import type { CabinMedia, Logger, PcmChunk, Talkback } from '../../core/index.ts';
import type { RoomRole } from '../rooms/roles.ts';
import type { Signaling } from '../server/signaling.ts';
import { cabinTracks } from './cabin-tracks.ts';
import { Ducker } from './ducker.ts';
import { loadWrtc } from './load-wrtc.ts';
import { operatorSound } from './operator-sound.ts';
import type { CallPlatform, ConnectionConfiguration, MediaTrack, PeerConnection } from './platform.ts';

export interface ServiceCabinOptions {
  readonly liftId: string;
  /** As shown to operators. */
  readonly name: string;
}

export interface ServiceCabinDeps {
  readonly signaling: Pick<Signaling, 'connect' | 'joinToken'>;
  readonly media: CabinMedia;
  /** Where there is no loudspeaker to be reached, the cabin is seen and, with a microphone, heard. */
  readonly talkback?: Talkback | undefined;
  /** `createCabinClient` of console/: the same code as in a cabin's browser. */
  readonly createClient: CabinClientFactory;
  readonly logger: Logger;
}

export type CabinClientFactory = (
  options: { readonly url: string; readonly token: () => Promise<string> },
  deps: {
    readonly platform: CallPlatform;
    readonly openMedia: () => Promise<{ readonly video: MediaTrack; readonly audio: MediaTrack | undefined }>;
  },
) => {
  on(
    event: 'track',
    listener: (got: { readonly role: RoomRole; readonly peerId: string; readonly track: MediaTrack }) => void,
  ): unknown;
  on(event: 'local', listener: (tracks: { readonly video?: MediaTrack | undefined }) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  sayHears(hears: boolean): void;
  close(): void;
};

export interface ServiceCabin {
  /** Idempotent. */
  close(): Promise<void>;
}

/** By which a lift's room knows the service as its cabin. */
export const serviceIdentity = (liftId: string): string => `service:${liftId}`;

/**
 * The service itself as a cabin's peer, where there is only a camera. It waits in the lift's room at no cost; the camera is read, and
 * its picture encoded (VP8, on this machine), only during a call.
 * @throws CabinwatchError DEPENDENCY_MISSING
 */
export async function createServiceCabin(
  options: ServiceCabinOptions,
  deps: ServiceCabinDeps,
): Promise<ServiceCabin> {
  const { liftId, name } = options;
  const { signaling, media, talkback } = deps;
  const wrtc = await loadWrtc();
  const logger = deps.logger.child({ lift: liftId });
  let ducker: Ducker | undefined;
  const token = signaling.joinToken.bind(signaling);
  const client = deps.createClient(
    {
      url: 'local:',
      token: async () => token({ liftId, role: 'cabin', identity: serviceIdentity(liftId), name }),
    },
    {
      platform: {
        openSocket: () => signaling.connect(),
        createConnection: (configuration: ConnectionConfiguration) =>
          new wrtc.RTCPeerConnection(configuration) as unknown as PeerConnection,
      },
      openMedia: async () =>
        cabinTracks(wrtc, media, (chunk) => ducker?.duck(chunk, performance.now()) ?? chunk, logger),
    },
  );

  let speaking = new AbortController();
  let spoken: Promise<void> = Promise.resolve();
  client.on('local', ({ video }) => {
    // The call is over: so is what was said in it.
    if (!video) speaking.abort();
  });
  const speak = async (sound: AsyncIterable<PcmChunk>, signal: AbortSignal): Promise<void> => {
    if (!talkback) return client.sayHears(false);
    const mine = new Ducker(talkback.duckDb);
    const reached = (heard: boolean): void => {
      if (signal.aborted) return;
      // Nothing comes back from a loudspeaker that is not there.
      ducker = heard ? mine : undefined;
      client.sayHears(heard);
    };
    try {
      await talkback.play(listenedTo(sound, mine), signal, reached);
    } finally {
      if (ducker === mine) ducker = undefined;
    }
  };
  client.on('track', ({ track }) => {
    if (track.kind !== 'audio') return;
    speaking.abort();
    speaking = new AbortController();
    const { signal } = speaking;
    // A camera lends its loudspeaker once: who spoke before gives it back first.
    spoken = spoken
      .then(() => speak(operatorSound(wrtc, track, signal), signal))
      .catch((error: unknown) => logger.error({ err: error }, 'the cabin’s loudspeaker cannot be reached'));
  });
  client.on('error', (error) => logger.warn({ err: error }, 'a call with a camera stumbled'));
  return {
    async close() {
      speaking.abort();
      client.close();
    },
  };
}

async function* listenedTo(sound: AsyncIterable<PcmChunk>, ducker: Ducker): AsyncGenerator<PcmChunk> {
  for await (const chunk of sound) {
    ducker.speech(chunk, performance.now());
    yield chunk;
  }
}
