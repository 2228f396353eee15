import type { I420Picture, PcmChunk } from './call.ts';

/** What is kept of a call's pictures and sound. Times are epoch ms. */

export const CALL_SIDES = Object.freeze(['cabin', 'operator'] as const);
export type CallSide = (typeof CALL_SIDES)[number];

/** Whether a call is recorded: `failed` where it should be and is no more. */
export const RECORDING_STATES = Object.freeze(['on', 'failed'] as const);
export type RecordingState = (typeof RECORDING_STATES)[number];

/** Takes what both sides of a call show and say, as it arrives. It never waits and never throws: the call goes first. */
export interface CallFilm {
  /** The picture is the film's from then on. */
  picture(side: CallSide, picture: I420Picture): void;
  /** Sound of any rate; channels are mixed. */
  sound(side: CallSide, chunk: PcmChunk): void;
}

/** Beside what is known of every file: what a recorded call is a part of. */
export interface RecordingDetail {
  readonly callId: string;
  readonly durationMs: number;
  /** Why it stops before the call does; absent where it holds the call to its end. */
  readonly problem?: string;
}
