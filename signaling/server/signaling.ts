import type { IncomingMessage, Server } from 'node:http';
import type { WebSocket } from 'ws';
import type {
  CallEndReason,
  CallLog,
  CallRecord,
  CallState,
  Clock,
  Logger,
  RecordingState,
  Words,
} from '../../core/index.ts';
import type { Right, RoomRole } from '../rooms/roles.ts';
import type { Grant } from '../tokens/grant.ts';
import type { ClientSocket } from './socket.ts';

export interface SignalingDeps {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Keeps calls with their incidents, and over restarts. A log that fails never holds up a call. */
  readonly callLog?: CallLog;
  /** Asked whenever somebody joins or comes back: whether the account still may. Default: all that the token says. */
  readonly permits?: (grant: Grant) => boolean | Promise<boolean>;
  /** Where calls are recorded: what both sides are told of it. */
  readonly consent?: Words;
  /** Told of every state of every call. */
  readonly onCall?: (record: CallRecord) => void;
}

export interface TokenRequest {
  readonly liftId: string;
  readonly role: RoomRole;
  /** An account's, terminal's or link's id. */
  readonly identity: string;
  readonly name: string;
  /** Default: all that the role has; others are dropped. */
  readonly rights?: readonly Right[];
}

export interface SignalingStats {
  readonly connections: number;
  readonly rooms: number;
  readonly members: number;
  readonly calls: Readonly<Partial<Record<CallState, number>>>;
  /** Messages taken and given since the start. */
  readonly received: number;
  readonly sent: number;
  /** What was refused since the start, by code. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface Signaling {
  /** For one entry within a minute. */
  joinToken(request: TokenRequest): string;
  /** A link's token for 96333 or a mechanic: good until it expires, for one person at a time. */
  guestToken(request: Omit<TokenRequest, 'role'>, expiresAt: number): string;
  /** Serves WebSockets at `path` of a server; others' upgrades are left alone. Undone by close(). */
  attach(
    server: Server,
    options?: {
      readonly path?: string;
      readonly isAllowed?: (request: IncomingMessage) => boolean;
    },
  ): void;
  /** A WebSocket that something else has upgraded, such as @fastify/websocket. */
  accept(socket: WebSocket): void;
  /** A line within the process. */
  connect(): ClientSocket;
  /** Takes rights from somebody in a lift's room at once, and from the tokens they hold. */
  withdraw(liftId: string, identity: string, rights?: readonly Right[] | 'all'): void;
  endCall(liftId: string, reason: CallEndReason): void;
  /** What became of the recording of a call; both sides are told. */
  setRecording(liftId: string, callId: string, recording: RecordingState): void;
  callState(liftId: string): CallState;
  /** Whether their line is up. */
  isPresent(liftId: string, identity: string): boolean;
  stats(): SignalingStats;
  /** Tells everybody to come back; idempotent. Calls go on, and are taken up by the next start. */
  close(): Promise<void>;
}
