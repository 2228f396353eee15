import type { Actor } from './incident.ts';

/** A call between whoever is in the car and the emergency centre, as the rest of the service knows it. Times are epoch ms. */

export const CALL_STATES = Object.freeze([
  'idle',
  'ringing',
  'negotiating',
  'connected',
  'degraded',
  'reconnecting',
  'failed',
  'ended',
] as const);
export type CallState = (typeof CALL_STATES)[number];

/**
 * Why a call is over. None of them touches the alarm: acknowledging it and ending it are acts of their own (EN 81-28).
 * `no-answer`: nobody picked up in the car; `lost`: media could not be brought back; `cabin-gone`, `caller-gone`: one side
 * stayed away from signaling; `withdrawn`: the caller's rights were; `closed`: the service was told to end it.
 */
export const CALL_END_REASONS = Object.freeze([
  'hung-up',
  'no-answer',
  'lost',
  'cabin-gone',
  'caller-gone',
  'withdrawn',
  'closed',
] as const);
export type CallEndReason = (typeof CALL_END_REASONS)[number];

export interface CallStep {
  readonly state: CallState;
  readonly at: number;
}

/** Somebody who took part: an account's or link's id and the name shown to people. */
export interface CallParty {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export interface CallRecord {
  readonly id: string;
  readonly liftId: string;
  /** Undefined for a call outside any incident. */
  readonly incidentId: string | undefined;
  /** Whoever stands for the cabin: its terminal, or the service itself. */
  readonly cabinId: string;
  /** Who has the call now, or had it last. */
  readonly by: CallParty;
  readonly state: CallState;
  /** Every state with the time it was entered, the oldest first; bounded, the first and the latest are kept. */
  readonly steps: readonly CallStep[];
  readonly endReason: CallEndReason | undefined;
}

/** Calls, kept with their incidents. */
export interface CallLog {
  /** The later word on a call replaces the earlier. */
  put(record: CallRecord): Promise<void>;
  /** All that have not ended: what signaling goes on with after a restart. */
  open(): Promise<CallRecord[]>;
}

/** The log with a view into the past. */
export interface CallHistory extends CallLog {
  /** In the order in which they began. */
  ofIncident(incidentId: string): Promise<CallRecord[]>;
}

/** A link by which somebody without an account may call a lift for a while: the 96333 centre, or a mechanic. */
export interface CallLink {
  readonly id: string;
  readonly liftId: string;
  /** Who it is for, as shown to people. */
  readonly name: string;
  readonly by: Actor;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
}

export interface CallLinkStore {
  put(link: Omit<CallLink, 'revokedAt'>): Promise<void>;
  link(id: string): Promise<CallLink | undefined>;
  /** Those that have not run out, revoked ones included. */
  ofLift(liftId: string, now: number): Promise<CallLink[]>;
  /** The first word stands. */
  revoke(id: string, at: number): Promise<void>;
}

/** One picture as WebRTC takes it: planes Y, U, V one after the other, U and V half as wide and high; both sides even. */
export interface I420Picture {
  readonly width: number;
  readonly height: number;
  /** width × height × 3/2 bytes. */
  readonly data: Uint8Array;
}

/** Sound: 16 bit samples, channels interleaved. */
export interface PcmChunk {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: Int16Array;
}

/** What a cabin without a terminal has to show: its camera's picture and, where it has one, its microphone's sound. */
export interface CabinMedia {
  /** Ends when the signal aborts. The consumer takes the newest; a picture is its own for the length of the loop's body. */
  video(signal: AbortSignal): AsyncIterable<I420Picture>;
  audio?(signal: AbortSignal): AsyncIterable<PcmChunk>;
}

/** A loudspeaker in the car that is reached otherwise than by WebRTC: a camera's backchannel. */
export interface Talkback {
  /** How much quieter the car is made while somebody speaks to it, dB: its microphone hears its loudspeaker. 0 is not at all. */
  readonly duckDb: number;
  /**
   * Plays until the sound ends or the signal aborts, and brings a lost loudspeaker back meanwhile. Ends early where there is none.
   * @param reached told whether what is said is heard in the car, at first and whenever that changes
   */
  play(
    sound: AsyncIterable<PcmChunk>,
    signal: AbortSignal,
    reached: (reached: boolean) => void,
  ): Promise<void>;
}
