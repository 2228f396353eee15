import { ProtocolError, parseClientMessage } from '../protocol/codec.ts';
import type { ByeReason, ClientMessage, HelloMessage, ServerMessage } from '../protocol/messages.ts';
import { RateLimit } from '../protocol/rate-limit.ts';
import { CLOSE_CODES, type ServerSocket, type SocketHandler } from './socket.ts';

export interface ConnectionLimits {
  readonly maxMessageBytes: number;
  readonly messagesPerSecond: number;
}

export interface ConnectionDeps {
  readonly now: () => number;
  readonly greet: (connection: Connection, hello: HelloMessage) => void;
  readonly receive: (connection: Connection, message: Exclude<ClientMessage, HelloMessage>) => void;
  readonly lost: (connection: Connection) => void;
  /** Counts what was refused, for metrics. */
  readonly refused: (code: string) => void;
}

/** Where a connection belongs once it was let in. */
export interface Seat {
  readonly liftId: string;
  readonly memberId: string;
  readonly instance: string;
}

/** Time a new connection has to say hello, ms. */
const HELLO_MS = 5_000;
/** Unsent bytes after which a reader is too slow to be kept: it would be shown the past. */
const MOST_BUFFERED = 1_048_576;
/** Malformed messages in a row that are put up with. */
const MOST_BAD = 10;

/** One line to one member: sizes, rates, hello first, liveness. What the messages mean is the room's matter. */
export class Connection implements SocketHandler {
  seat: Seat | undefined;
  readonly #socket: ServerSocket;
  readonly #deps: ConnectionDeps;
  readonly #limits: ConnectionLimits;
  readonly #rate: RateLimit;
  readonly #openedAt: number;
  #heardAt: number;
  #pingAt: number;
  #greeted = false;
  #bad = 0;
  #open = true;

  constructor(socket: ServerSocket, limits: ConnectionLimits, deps: ConnectionDeps) {
    const now = deps.now();
    this.#socket = socket;
    this.#deps = deps;
    this.#limits = limits;
    const perSecond = limits.messagesPerSecond;
    this.#rate = new RateLimit({ perSecond, burst: perSecond * 4 }, now);
    this.#openedAt = now;
    this.#heardAt = now;
    this.#pingAt = now;
  }

  get open(): boolean {
    return this.#open;
  }

  message(text: string): void {
    if (!this.#open) return;
    const now = this.#deps.now();
    this.#heardAt = now;
    if (!this.#rate.take(now)) {
      this.error(new ProtocolError('RATE', 'Too many messages. Slow down and come back.'));
      this.close(CLOSE_CODES.rate, 'rate');
      return;
    }
    // A text has at most three bytes a UTF-16 unit: the cheap test spares counting the usual ones.
    if (
      text.length * 3 > this.#limits.maxMessageBytes &&
      Buffer.byteLength(text) > this.#limits.maxMessageBytes
    ) {
      this.close(CLOSE_CODES.size, 'size');
      return;
    }
    try {
      this.#handle(parseClientMessage(text));
      this.#bad = 0;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.error(error);
      // An unknown kind may be a newer side's; nonsense is not.
      if (error.code === 'BAD_MESSAGE' && ++this.#bad >= MOST_BAD) this.close(CLOSE_CODES.refused, 'refused');
    }
  }

  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#deps.lost(this);
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    if (!this.#open) return;
    if (this.#socket.buffered > MOST_BUFFERED) {
      this.close(CLOSE_CODES.slow, 'slow');
      return;
    }
    this.#socket.send(text);
  }

  error(error: ProtocolError): void {
    this.#deps.refused(error.code);
    this.send(error.toMessage());
  }

  /** Says why, and ends the line. */
  bye(reason: ByeReason): void {
    this.send({ type: 'bye', reason });
    this.close(reason === 'closing' ? CLOSE_CODES.closing : CLOSE_CODES.bye, reason);
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#socket.close(code, reason);
    this.closed();
  }

  /** Liveness, called several times a ping. `ping` is shared by all, so that it is made into text once. */
  tick(now: number, ping: string, times: { readonly pingMs: number; readonly goneMs: number }): void {
    if (!this.seat && now - this.#openedAt > HELLO_MS) {
      this.error(new ProtocolError('TIMEOUT', 'Say hello within 5 s of connecting.'));
      this.close(CLOSE_CODES.refused, 'timeout');
      return;
    }
    if (now - this.#heardAt >= times.goneMs) {
      this.bye('gone');
      return;
    }
    if (this.seat && now - this.#pingAt >= times.pingMs) {
      this.#pingAt = now;
      this.sendText(ping);
    }
  }

  #handle(message: ClientMessage): void {
    if (message.type === 'hello') {
      if (this.#greeted) throw new ProtocolError('BAD_MESSAGE', 'hello: may be said once only.');
      this.#greeted = true;
      this.#deps.greet(this, message);
      return;
    }
    if (!this.seat) throw new ProtocolError('NOT_ALLOWED', 'Say hello first, and wait for the welcome.');
    if (message.type === 'ping') {
      this.send({ type: 'pong' });
      return;
    }
    if (message.type !== 'pong') this.#deps.receive(this, message);
  }
}
