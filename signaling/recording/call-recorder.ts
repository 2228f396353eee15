import type { CallFilm, CallSide, Logger } from '../../core/index.ts';
import { loadWrtc } from '../peers/load-wrtc.ts';
import type { CallPlatform, ConnectionConfiguration, MediaTrack, PeerConnection } from '../peers/platform.ts';
import type { ErrorMessage } from '../protocol/messages.ts';
import type { RoomRole } from '../rooms/roles.ts';
import type { Signaling } from '../server/signaling.ts';
import { type Rotation, upright } from './upright.ts';

export interface CallRecorderDeps {
  readonly signaling: Pick<Signaling, 'connect' | 'joinToken'>;
  readonly film: CallFilm;
  /** `createCallClient` of console/: the same code as in an operator's browser. */
  readonly createClient: CallClientFactory;
  /** It may not, or can no longer, take part. */
  readonly onRefused: (message: string) => void;
  readonly logger: Logger;
}

export type CallClientFactory = (
  options: { readonly url: string; readonly token: () => Promise<string> },
  deps: { readonly platform: CallPlatform; readonly openMedia: () => Promise<Record<string, never>> },
) => {
  on(
    event: 'track',
    listener: (got: { readonly role: RoomRole; readonly track: MediaTrack }) => void,
  ): unknown;
  on(event: 'refused', listener: (error: ErrorMessage) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  close(): void;
};

export interface CallRecorder {
  /** Leaves the room; idempotent. */
  close(): void;
}

/**
 * The service as a hidden listener of a lift's call: what the cabin and whoever has the call show and say goes to `film`, by
 * connections of its own, which come back as everybody's do. It is in nobody's way: those of the two sides stand without it.
 * @throws CabinwatchError DEPENDENCY_MISSING
 */
export async function createCallRecorder(liftId: string, deps: CallRecorderDeps): Promise<CallRecorder> {
  const { signaling, film, onRefused, logger } = deps;
  const wrtc = await loadWrtc();
  const { RTCAudioSink, RTCVideoSink } = wrtc.nonstandard;
  const identity = `recorder:${liftId}`;
  const client = deps.createClient(
    {
      url: 'local:',
      token: async () => signaling.joinToken({ liftId, role: 'recorder', identity, name: identity }),
    },
    {
      platform: {
        openSocket: () => signaling.connect(),
        createConnection: (configuration: ConnectionConfiguration) =>
          new wrtc.RTCPeerConnection(configuration) as unknown as PeerConnection,
      },
      openMedia: async () => ({}),
    },
  );

  /** One a side and kind: a connection that was built anew, or whoever has taken over, brings new tracks. */
  const sinks = new Map<string, { stop(): void }>();
  client.on('track', ({ role, track }) => {
    const side: CallSide = role === 'cabin' ? 'cabin' : 'operator';
    const place = `${side} ${track.kind}`;
    sinks.get(place)?.stop();
    if (track.kind === 'video') {
      const sink = new RTCVideoSink(track as never);
      sink.onframe = ({ frame: { rotation = 0, ...picture } }: FrameEvent) =>
        film.picture(side, upright(picture, rotation));
      sinks.set(place, sink);
    } else {
      const sink = new RTCAudioSink(track as never);
      sink.ondata = ({ samples, sampleRate, channelCount: channels }: SoundEvent) =>
        film.sound(side, { samples, sampleRate, channels });
      sinks.set(place, sink);
    }
  });
  client.on('refused', ({ message }) => onRefused(message));
  client.on('error', (error) => logger.warn({ err: error, lift: liftId }, 'the recorder of a call stumbled'));
  return {
    close() {
      for (const sink of sinks.values()) sink.stop();
      sinks.clear();
      client.close();
    },
  };
}

interface FrameEvent {
  readonly frame: {
    readonly width: number;
    readonly height: number;
    readonly data: Uint8Array;
    readonly rotation?: Rotation;
  };
}

interface SoundEvent {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channelCount: number;
}
