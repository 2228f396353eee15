import { type Static, Type } from 'typebox';
import { CALL_END_REASONS, CALL_STATES, RECORDING_STATES } from '../../core/index.ts';
import { RIGHTS, ROOM_ROLES } from '../rooms/roles.ts';

/**
 * What goes over the WebSocket, as JSON texts. Fields that are not listed are ignored, and so are unknown kinds of message but
 * for an `error` in answer: an older side goes on working with a newer one. What cannot be kept compatible raises the version.
 */
export const PROTOCOL_VERSION = 1;

const oneOf = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))));

const Id = Type.String({ minLength: 1, maxLength: 128 });
const Name = Type.String({ maxLength: 120 });
const Token = Type.String({ minLength: 1, maxLength: 4096 });

const Description = Type.Object({
  type: oneOf(['offer', 'answer'] as const),
  sdp: Type.String({ maxLength: 60_000 }),
});
const Candidate = Type.Object({
  candidate: Type.String({ maxLength: 1024 }),
  sdpMid: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
  sdpMLineIndex: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 255 }), Type.Null()])),
  usernameFragment: Type.Optional(Type.Union([Type.String({ maxLength: 256 }), Type.Null()])),
});

/**
 * One step of a negotiation between two. `generation` counts the connections that the two have built; one of an older
 * generation is about a connection that is no more. `renew` asks the impolite side for a new attempt.
 */
const Signal = {
  callId: Id,
  generation: Type.Integer({ minimum: 0 }),
  description: Type.Optional(Description),
  candidate: Type.Optional(Candidate),
  renew: Type.Optional(Type.Boolean()),
};

export const MEDIA_STATES = Object.freeze(['connected', 'disconnected', 'restarting', 'failed'] as const);
export type MediaState = (typeof MEDIA_STATES)[number];

export const ClientMessage = Type.Union([
  /** The first, within 5 s. Either a token (join, guest link) or a resume token; `instance` is made anew by each page load. */
  Type.Object({
    type: Type.Literal('hello'),
    versions: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 16 }),
    token: Type.Optional(Token),
    resume: Type.Optional(Token),
    instance: Id,
  }),
  Type.Object({ type: Type.Literal('pong') }),
  /** Whether the line still works, asked by who has reason to doubt it; answered by `pong`. */
  Type.Object({ type: Type.Literal('ping') }),
  /** Rings the cabin. */
  Type.Object({ type: Type.Literal('call'), incidentId: Type.Optional(Id) }),
  /** The cabin picks up. */
  Type.Object({ type: Type.Literal('answer'), callId: Id }),
  /** Hear and see the call that goes on, without taking part. */
  Type.Object({ type: Type.Literal('listen'), callId: Id }),
  Type.Object({ type: Type.Literal('take-over'), callId: Id }),
  Type.Object({ type: Type.Literal('hang-up'), callId: Id }),
  Type.Object({ type: Type.Literal('signal'), to: Id, ...Signal }),
  /** What became of the media between the sender and `peer`. */
  Type.Object({ type: Type.Literal('report'), callId: Id, peer: Id, media: oneOf(MEDIA_STATES) }),
  /** Whether what is said to the sender can be heard where it is. Until it is said, it can. */
  Type.Object({ type: Type.Literal('hears'), hears: Type.Boolean() }),
  /** Asks for fresh TURN credentials, before an ICE restart. */
  Type.Object({ type: Type.Literal('ice') }),
  Type.Object({ type: Type.Literal('leave') }),
]);
export type ClientMessage = Static<typeof ClientMessage>;

const Party = Type.Object({ id: Id, name: Name, role: oneOf(ROOM_ROLES) });

const Member = Type.Object({
  ...Party.properties,
  /** False while their line is cut and their place kept. */
  present: Type.Boolean(),
});

/** One who takes part in the call's media. */
const Peer = Type.Object({
  id: Id,
  role: oneOf(ROOM_ROLES),
  /** Absent until somebody who was in the call before a restart has come back: what was built with them may stand. */
  instance: Type.Optional(Id),
  sends: Type.Boolean(),
  receives: Type.Boolean(),
  /** False where the sound arrives and nobody hears it: a cabin whose camera has no loudspeaker, or has lost it. */
  hears: Type.Optional(Type.Boolean()),
});

const Call = Type.Object({
  id: Id,
  state: oneOf(CALL_STATES),
  /** ms since the state was entered, on the server's clock. */
  forMs: Type.Number(),
  incidentId: Type.Optional(Id),
  /** Who has the call. */
  by: Party,
  peers: Type.Array(Peer),
  /** Absent where it is not recorded. Must be shown. */
  recording: Type.Optional(oneOf(RECORDING_STATES)),
  endReason: Type.Optional(oneOf(CALL_END_REASONS)),
});

const IceServer = Type.Object({
  urls: Type.Array(Type.String()),
  username: Type.Optional(Type.String()),
  credential: Type.Optional(Type.String()),
});

const Ice = Type.Object({
  servers: Type.Array(IceServer),
  /** How long the credentials hold, ms from now. */
  ttlMs: Type.Number(),
  relayOnly: Type.Boolean(),
});

export const SIGNAL_ERRORS = Object.freeze([
  'BAD_MESSAGE',
  'UNKNOWN_TYPE',
  'VERSION',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'TOKEN_REPLAYED',
  'NOT_ALLOWED',
  'BUSY',
  'NO_CABIN',
  'NO_CALL',
  'NO_PEER',
  'FULL',
  'RATE',
  'TIMEOUT',
] as const);
export type SignalErrorCode = (typeof SIGNAL_ERRORS)[number];

/** Why the server ends a connection. Only `closing` and `gone` are worth coming back from. */
export const BYE_REASONS = Object.freeze([
  'replaced',
  'withdrawn',
  'expired',
  'refused',
  'left',
  'gone',
  'closing',
] as const);
export type ByeReason = (typeof BYE_REASONS)[number];

export const ServerMessage = Type.Union([
  Type.Object({
    type: Type.Literal('welcome'),
    version: Type.Integer(),
    self: Type.Object({ ...Party.properties, rights: Type.Array(oneOf(RIGHTS)) }),
    liftId: Id,
    /** For coming back; each use gives a new one. */
    resume: Token,
    members: Type.Array(Member),
    call: Type.Optional(Call),
    ice: Ice,
    /** Where calls are recorded: what both sides must be told before and during one. */
    consent: Type.Optional(Type.Object({ zh: Type.String(), en: Type.String() })),
    pingMs: Type.Number(),
    goneMs: Type.Number(),
  }),
  Type.Object({ type: Type.Literal('ping') }),
  Type.Object({ type: Type.Literal('pong') }),
  /** Who is in the room; the hidden are left out. */
  Type.Object({ type: Type.Literal('members'), members: Type.Array(Member) }),
  /** The call as it is now: whole, so that a missed one does no harm. */
  Type.Object({ type: Type.Literal('call'), call: Call }),
  Type.Object({ type: Type.Literal('rights'), rights: Type.Array(oneOf(RIGHTS)) }),
  Type.Object({ type: Type.Literal('signal'), from: Id, instance: Id, ...Signal }),
  Type.Object({ type: Type.Literal('ice'), ice: Ice }),
  Type.Object({
    type: Type.Literal('error'),
    code: oneOf(SIGNAL_ERRORS),
    message: Type.String(),
    retryable: Type.Boolean(),
    /** With BUSY: who has the call. */
    heldBy: Type.Optional(Party),
  }),
  Type.Object({ type: Type.Literal('bye'), reason: oneOf(BYE_REASONS) }),
]);
export type ServerMessage = Static<typeof ServerMessage>;

export type PartyMessage = Static<typeof Party>;
export type MemberMessage = Static<typeof Member>;
export type PeerMessage = Static<typeof Peer>;
export type CallMessage = Static<typeof Call>;
export type IceMessage = Static<typeof Ice>;
export type HelloMessage = Extract<ClientMessage, { type: 'hello' }>;
export type ErrorMessage = Extract<ServerMessage, { type: 'error' }>;
export type SignalMessage = Extract<ServerMessage, { type: 'signal' }>;
export type DescriptionMessage = Static<typeof Description>;
export type CandidateMessage = Static<typeof Candidate>;
