import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { uuidv7 } from 'uuidv7';
import type { WebSocket } from 'ws';
import {
  CabinwatchError,
  type CallEndReason,
  type CallRecord,
  type CallState,
  type Clock,
  type RecordingState,
  systemClock,
} from '../../core/index.ts';
import { CALL_TIMES } from '../call/call-machine.ts';
import type { SignalingOptions } from '../options.ts';
import { ProtocolError } from '../protocol/codec.ts';
import { type ClientMessage, type HelloMessage, PROTOCOL_VERSION } from '../protocol/messages.ts';
import { type Right, ROLE_RIGHTS } from '../rooms/roles.ts';
import { Room, type RoomOutput } from '../rooms/room.ts';
import type { Grant } from '../tokens/grant.ts';
import { TokenSigner } from '../tokens/token-signer.ts';
import { createIceIssuer } from '../turn/ice-servers.ts';
import { attachWebSockets, serveWebSocket } from './attach.ts';
import { Connection } from './connection.ts';
import { Gate } from './gate.ts';
import type { Signaling, SignalingDeps, SignalingStats, TokenRequest } from './signaling.ts';
import { CLOSE_CODES, type ClientSocket, createLocalSocket } from './socket.ts';

const PING = JSON.stringify({ type: 'ping' });

/**
 * The rooms of all lifts and the lines to them.
 * @throws CabinwatchError CONFIG_INVALID for TURN servers without a secret
 */
export async function createSignaling(options: SignalingOptions, deps: SignalingDeps): Promise<Signaling> {
  const service = new SignalingService(options, deps);
  await service.restore();
  return service;
}

class SignalingService implements Signaling {
  readonly #options: SignalingOptions;
  readonly #deps: SignalingDeps;
  readonly #clock: Clock;
  readonly #signer: TokenSigner;
  readonly #gate: Gate;
  readonly #ice: ReturnType<typeof createIceIssuer>;
  readonly #rooms = new Map<string, Room>();
  readonly #connections = new Set<Connection>();
  /** Who sits where: `liftId\nmemberId`. */
  readonly #seats = new Map<string, Connection>();
  readonly #refused: Record<string, number> = {};
  readonly #detach: (() => void)[] = [];
  readonly #timers: NodeJS.Timeout[];
  #writes = Promise.resolve();
  #received = 0;
  #sent = 0;
  #closed = false;

  constructor(options: SignalingOptions, deps: SignalingDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
    if (options.goneSeconds < options.pingSeconds * 3)
      throw new CabinwatchError(
        'CONFIG_INVALID',
        `signaling.goneSeconds is ${options.goneSeconds}, less than three pings of ${options.pingSeconds} s: lines would be ` +
          'cut that work. Raise it.',
      );
    this.#ice = createIceIssuer(options.turn);
    this.#signer = new TokenSigner(options.secret ?? randomBytes(32).toString('base64url'));
    this.#gate = new Gate(this.#signer, this.#clock.now());
    const pingMs = options.pingSeconds * 1000;
    this.#timers = [
      // Twenty times a ping, so that thousands of pings are not all sent in the same millisecond.
      setInterval(() => this.#tickConnections(), Math.max(10, pingMs / 20)),
      setInterval(() => this.#tickRooms(), Math.min(1000, options.departureSeconds * 250)),
    ];
  }

  async restore(): Promise<void> {
    try {
      for (const record of (await this.#deps.callLog?.open()) ?? [])
        this.#room(record.liftId).restore(record, this.#clock.now());
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'calls from before the restart could not be read');
    }
  }

  joinToken(request: TokenRequest): string {
    return this.#token('join', request, this.#clock.now() + this.#options.joinTokenSeconds * 1000);
  }

  guestToken(request: Omit<TokenRequest, 'role'>, expiresAt: number): string {
    return this.#token('guest', { ...request, role: 'guest' }, expiresAt);
  }

  attach(server: Server, options: Parameters<Signaling['attach']>[1] = {}): void {
    const { path = '/signal', isAllowed = () => true } = options;
    const { maxMessageBytes } = this.#options;
    this.#detach.push(
      attachWebSockets(server, { path, isAllowed, maxMessageBytes, accept: (socket) => this.accept(socket) }),
    );
  }

  accept(socket: WebSocket): void {
    serveWebSocket(socket, (line) => this.#open(line));
  }

  connect(): ClientSocket {
    return createLocalSocket((line) => this.#open(line));
  }

  withdraw(liftId: string, identity: string, rights: readonly Right[] | 'all' = 'all'): void {
    const now = this.#clock.now();
    this.#gate.withdraw(liftId, identity, rights, now, this.#options.resumeSeconds * 1000);
    const room = this.#rooms.get(liftId);
    if (room) this.#deliver(liftId, room.withdraw(identity, rights, now));
  }

  endCall(liftId: string, reason: CallEndReason): void {
    const room = this.#rooms.get(liftId);
    if (room) this.#deliver(liftId, room.endCall(reason, this.#clock.now()));
  }

  setRecording(liftId: string, callId: string, recording: RecordingState): void {
    const room = this.#rooms.get(liftId);
    if (room) this.#deliver(liftId, room.setRecording(callId, recording, this.#clock.now()));
  }

  callState(liftId: string): CallState {
    return this.#rooms.get(liftId)?.callState ?? 'idle';
  }

  isPresent(liftId: string, identity: string): boolean {
    return this.#seats.has(`${liftId}\n${identity}`);
  }

  stats(): SignalingStats {
    const calls: Partial<Record<CallState, number>> = {};
    let members = 0;
    for (const room of this.#rooms.values()) {
      members += room.size;
      if (room.callState !== 'idle') calls[room.callState] = (calls[room.callState] ?? 0) + 1;
    }
    return {
      connections: this.#connections.size,
      rooms: this.#rooms.size,
      members,
      calls,
      received: this.#received,
      sent: this.#sent,
      refused: { ...this.#refused },
    };
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      for (const timer of this.#timers) clearInterval(timer);
      for (const detach of this.#detach) detach();
      for (const connection of [...this.#connections]) connection.bye('closing');
    }
    await this.#writes;
  }

  #token(kind: Grant['kind'], request: TokenRequest, expiresAt: number): string {
    const { liftId, role, identity, name } = request;
    const rights = ROLE_RIGHTS[role].filter((right) => request.rights?.includes(right) ?? true);
    return this.#signer.sign({
      kind,
      liftId,
      role,
      identity,
      name,
      rights,
      issuedAt: this.#clock.now(),
      expiresAt,
    });
  }

  #open(line: ConstructorParameters<typeof Connection>[0]): Connection {
    const connection = new Connection(line, this.#options, {
      now: () => this.#clock.now(),
      greet: (from, hello) => void this.#greet(from, hello),
      receive: (from, message) => this.#receive(from, message),
      lost: (from) => this.#lost(from),
      refused: (code) => {
        this.#refused[code] = (this.#refused[code] ?? 0) + 1;
      },
    });
    this.#connections.add(connection);
    if (this.#closed) connection.bye('closing');
    else if (this.#connections.size > this.#options.maxConnections) {
      connection.error(
        new ProtocolError('FULL', 'As many as this server serves are connected. Come back later.'),
      );
      connection.close(CLOSE_CODES.refused, 'full');
    }
    return connection;
  }

  async #greet(connection: Connection, hello: HelloMessage): Promise<void> {
    try {
      const grant = this.#gate.admit(hello, this.#clock.now());
      if (!((await this.#deps.permits?.(grant)) ?? true))
        throw new ProtocolError('NOT_ALLOWED', 'This account may not join.');
      if (connection.open && !this.#closed) this.#seat(connection, grant, hello.instance);
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        this.#deps.logger.error({ err: error }, 'somebody who wanted to join could not be checked');
        return connection.close(CLOSE_CODES.closing, 'error');
      }
      connection.error(error);
      connection.bye('refused');
    }
  }

  #seat(connection: Connection, grant: Grant, instance: string): void {
    const { liftId, identity, name, role, rights } = grant;
    const now = this.#clock.now();
    const key = `${liftId}\n${identity}`;
    const before = this.#seats.get(key);
    this.#seats.set(key, connection);
    connection.seat = { liftId, memberId: identity, instance };
    // The same page on a new line has only outlived the old one; another page takes its place for good.
    before?.bye(before.seat?.instance === instance ? 'gone' : 'replaced');

    const room = this.#room(liftId);
    // A guest's time ends with their link; all others may stay and come back as long as resuming is allowed.
    const stay = now + this.#options.resumeSeconds * 1000;
    const expiresAt = role === 'guest' ? grant.expiresAt : Number.POSITIVE_INFINITY;
    const outputs = room.join({ id: identity, name, role, rights, instance, expiresAt }, now);
    const { self, members, call } = room.snapshot(identity, now);
    const resume = this.#token('resume', { liftId, role, identity, name, rights }, Math.min(stay, expiresAt));
    connection.send({
      type: 'welcome',
      version: PROTOCOL_VERSION,
      self,
      liftId,
      resume,
      members,
      ...(call && { call }),
      ice: this.#ice(identity, now),
      ...(this.#deps.consent && { consent: this.#deps.consent }),
      pingMs: this.#options.pingSeconds * 1000,
      goneMs: this.#options.goneSeconds * 1000,
    });
    this.#sent += 1;
    // The welcome has said it already.
    this.#deliver(
      liftId,
      outputs.filter((out) => !(out.kind === 'send' && out.to === identity && isState(out.message.type))),
    );
  }

  #receive(connection: Connection, message: Exclude<ClientMessage, HelloMessage>): void {
    this.#received += 1;
    const { liftId, memberId } = connection.seat!;
    const now = this.#clock.now();
    if (message.type === 'ice') {
      connection.send({ type: 'ice', ice: this.#ice(memberId, now) });
      return;
    }
    if (message.type === 'ping' || message.type === 'pong') return;
    const room = this.#rooms.get(liftId);
    if (room) this.#deliver(liftId, room.message(memberId, message, now));
  }

  #lost(connection: Connection): void {
    this.#connections.delete(connection);
    if (!connection.seat) return;
    const { liftId, memberId } = connection.seat;
    const key = `${liftId}\n${memberId}`;
    // Its place may have been taken already.
    if (this.#seats.get(key) !== connection) return;
    this.#seats.delete(key);
    const room = this.#rooms.get(liftId);
    if (room && !this.#closed) this.#deliver(liftId, room.lineLost(memberId, this.#clock.now()));
  }

  #deliver(liftId: string, outputs: readonly RoomOutput[]): void {
    // Most messages of one change are the same for all.
    let text = '';
    let last: unknown;
    for (const out of outputs) {
      if (out.kind === 'record') this.#keep(out.record);
      else if (out.kind === 'bye') this.#seats.get(`${liftId}\n${out.to}`)?.bye(out.reason);
      else {
        if (out.message !== last) text = JSON.stringify(out.message);
        last = out.message;
        this.#sent += 1;
        this.#seats.get(`${liftId}\n${out.to}`)?.sendText(text);
      }
    }
  }

  #keep(record: CallRecord): void {
    const { logger, callLog, onCall } = this.#deps;
    onCall?.(record);
    if (!callLog) return;
    // One after the other, so that the later word is the last.
    this.#writes = this.#writes
      .then(() => callLog.put(record))
      .catch((error: unknown) => {
        logger.error(
          { err: error, call: record.id, lift: record.liftId },
          'a call’s state could not be kept',
        );
      });
  }

  #room(liftId: string): Room {
    const room = this.#rooms.get(liftId);
    if (room) return room;
    const { departureSeconds, answerSeconds, maxPeers } = this.#options;
    const times = { ...CALL_TIMES, answerMs: answerSeconds * 1000, departureMs: departureSeconds * 1000 };
    const fresh = new Room({ liftId, times, maxPeers, newCallId: uuidv7 }, this.#clock.now());
    this.#rooms.set(liftId, fresh);
    return fresh;
  }

  #tickConnections(): void {
    const now = this.#clock.now();
    const times = { pingMs: this.#options.pingSeconds * 1000, goneMs: this.#options.goneSeconds * 1000 };
    for (const connection of this.#connections) connection.tick(now, PING, times);
  }

  #tickRooms(): void {
    const now = this.#clock.now();
    for (const [liftId, room] of this.#rooms) {
      this.#deliver(liftId, room.tick(now));
      const { emptySince } = room;
      if (emptySince !== undefined && now - emptySince >= this.#options.emptyRoomSeconds * 1000)
        this.#rooms.delete(liftId);
    }
  }
}

const isState = (type: string): boolean => type === 'members' || type === 'call';
