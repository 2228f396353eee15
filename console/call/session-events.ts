import type {
  ByeReason,
  CallMessage,
  CallPlatform,
  ErrorMessage,
  MediaTrack,
  MemberMessage,
  PartyMessage,
  Right,
  RoomRole,
} from '../../signaling/index.ts';
import type { LinkState, ResumeStore } from './link.ts';
import type { LocalTracks } from './peer-media.ts';

export interface SessionOptions {
  /** `wss://HOST/signal` */
  readonly url: string;
  /** A new join token, or a guest link's; asked for whenever there is nothing to resume with. */
  readonly token: () => Promise<string>;
}

export interface SessionDeps {
  readonly platform: CallPlatform;
  /** Our microphone and camera, opened for a call and closed after it. What can't be had is left out. */
  readonly openMedia: () => Promise<LocalTracks>;
  readonly store?: ResumeStore;
}

/** The call as it is shown: what the server says of it, or, while the line to it is cut, what our own media say. */
export interface CallView {
  readonly id: string;
  readonly state: CallMessage['state'];
  readonly incidentId: string | undefined;
  readonly by: PartyMessage;
  /** We have it. */
  readonly mine: boolean;
  /** We are seen or heard, see or hear. */
  readonly taking: boolean;
  /** What is said to the cabin can be heard in it, as far as it knows. */
  readonly heard: boolean;
  /** Must be shown; undefined where it is not recorded. */
  readonly recording: CallMessage['recording'];
  readonly endReason: CallMessage['endReason'];
}

export interface SessionEvents {
  link: { readonly state: LinkState; readonly why: ByeReason | ErrorMessage | undefined };
  members: readonly MemberMessage[];
  call: CallView;
  rights: readonly Right[];
  /** What must be told before and during a call; undefined where calls are not recorded. */
  consent: { readonly zh: string; readonly en: string } | undefined;
  /** Somebody's picture or sound has come. */
  track: { readonly peerId: string; readonly role: RoomRole; readonly track: MediaTrack };
  /** Our own; empty once they are closed: whether camera and microphone are on. */
  local: LocalTracks;
  refused: ErrorMessage;
  error: unknown;
}
