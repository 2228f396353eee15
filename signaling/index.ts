export { CALL_TIMES, type CallEvent, CallMachine, type CallTimes } from './call/call-machine.ts';
export * from './calming/index.ts';
export { SignalingOptions, TurnOptions } from './options.ts';
export { createTerminals, type Terminals, type TerminalsDeps } from './pairing/create-terminals.ts';
export { loadWrtc } from './peers/load-wrtc.ts';
export type {
  CallPlatform,
  ConnectionConfiguration,
  Direction,
  MediaTrack,
  PeerConnection,
  Transceiver,
} from './peers/platform.ts';
export {
  type CabinClientFactory,
  createServiceCabin,
  type ServiceCabin,
  type ServiceCabinDeps,
  type ServiceCabinOptions,
  serviceIdentity,
} from './peers/service-cabin.ts';
export { ProtocolError, parseClientMessage } from './protocol/codec.ts';
export {
  type ByeReason,
  type CallMessage,
  type CandidateMessage,
  ClientMessage,
  type DescriptionMessage,
  type ErrorMessage,
  type IceMessage,
  type MediaState,
  type MemberMessage,
  type PartyMessage,
  type PeerMessage,
  PROTOCOL_VERSION,
  ServerMessage,
  type SignalErrorCode,
  type SignalMessage,
} from './protocol/messages.ts';
export {
  type CallClientFactory,
  type CallRecorder,
  type CallRecorderDeps,
  createCallRecorder,
} from './recording/call-recorder.ts';
export { RIGHTS, type Right, ROLE_RIGHTS, ROOM_ROLES, type RoomRole } from './rooms/roles.ts';
export { createSignaling } from './server/create-signaling.ts';
export type { Signaling, SignalingDeps, SignalingStats, TokenRequest } from './server/signaling.ts';
export type { ClientSocket } from './server/socket.ts';
export type { Grant } from './tokens/grant.ts';
export { type TurnCredentials, turnCredentials } from './turn/credentials.ts';
