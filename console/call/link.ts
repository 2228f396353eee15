import type {
  ByeReason,
  CallPlatform,
  ClientMessage,
  ClientSocket,
  ErrorMessage,
  ServerMessage,
} from '../../signaling/index.ts';
import { attemptTimeout, reconnectDelay } from './reconnect-delay.ts';

type Welcome = Extract<ServerMessage, { type: 'welcome' }>;

/** `refused`: the token is no good, somebody else took the place, or rights were withdrawn; a new token is needed. */
export type LinkState = 'connecting' | 'up' | 'down' | 'refused' | 'closed';

export interface LinkOptions {
  readonly url: string;
  /** A new join token, or a guest link's; asked for whenever there is nothing to resume with. */
  readonly token: () => Promise<string>;
}

export interface LinkDeps {
  readonly platform: CallPlatform;
  /** Keeps the resume token through reloads of the page. */
  readonly store?: ResumeStore | undefined;
  readonly onWelcome: (welcome: Welcome) => void;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onState: (state: LinkState, why?: ByeReason | ErrorMessage) => void;
}

/** Where one place's resume token is kept. */
export interface ResumeStore {
  load(): string | undefined;
  /** @param token undefined forgets it */
  save(token: string | undefined): void;
}

/** A line in doubt has so long to prove itself, ms. */
const PROBE_MS = 2_000;
/** Before the first welcome has said better. */
const GONE_MS = 15_000;

/**
 * The line to signaling: comes back by itself, with the same place, for as long as it is not refused. What is sent while it
 * is down is dropped: every state is told anew when it is up again.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #deps: LinkDeps;
  readonly #instance = crypto.randomUUID();
  #socket: ClientSocket | undefined;
  #state: LinkState = 'connecting';
  #attempt = 0;
  #opening = 0;
  #resume: string | undefined;
  #goneMs = GONE_MS;
  /** The last refusal: what a `bye` that follows is about. */
  #refused: ErrorMessage | undefined;
  #timers: { readonly [name in 'retry' | 'open' | 'gone' | 'probe']?: ReturnType<typeof setTimeout> } = {};
  readonly #unsubscribe: (() => void) | undefined;

  constructor(options: LinkOptions, deps: LinkDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#resume = deps.store?.load();
    this.#unsubscribe = deps.platform.onNetworkChange?.(() => this.probe());
    void this.#open();
  }

  get up(): boolean {
    return this.#state === 'up';
  }

  get state(): LinkState {
    return this.#state;
  }

  send(message: ClientMessage): boolean {
    if (!this.up) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** Something makes one doubt that the line still works: find out now, rather than after the usual silence. */
  probe(): void {
    if (this.#state === 'down') this.#retry(0);
    if (!this.up || this.#timers.probe) return;
    this.send({ type: 'ping' });
    this.#set('probe', PROBE_MS, () => this.#lost());
  }

  /** @param leave gives up the place at once, rather than keeping it for a while */
  close(leave = false): void {
    if (leave) {
      this.send({ type: 'leave' });
      this.#deps.store?.save(undefined);
    }
    this.#end('closed');
  }

  async #open(): Promise<void> {
    const attempt = this.#attempt;
    this.#attempt += 1;
    this.#drop();
    // Who is told to hurry while waiting for a token has begun anew.
    this.#opening += 1;
    const opening = this.#opening;
    let hello: ClientMessage;
    try {
      const base = { type: 'hello' as const, versions: [1], instance: this.#instance };
      hello = this.#resume
        ? { ...base, resume: this.#resume }
        : { ...base, token: await this.#options.token() };
    } catch {
      if (opening === this.#opening) this.#lost();
      return;
    }
    if (this.#state === 'closed' || opening !== this.#opening) return;
    const socket = this.#deps.platform.openSocket(this.#options.url);
    this.#socket = socket;
    this.#set('open', attemptTimeout(attempt), () => this.#lost());
    socket.onopen = () => socket.send(JSON.stringify(hello));
    socket.onmessage = (text) => this.#receive(JSON.parse(text) as ServerMessage);
    socket.onclose = () => this.#lost();
  }

  #receive(message: ServerMessage): void {
    this.#clear('probe');
    this.#set('gone', this.#goneMs, () => this.#lost());
    switch (message.type) {
      case 'welcome':
        this.#clear('open');
        this.#attempt = 0;
        this.#goneMs = message.goneMs;
        this.#resume = message.resume;
        this.#deps.store?.save(message.resume);
        this.#become('up');
        this.#deps.onWelcome(message);
        break;
      case 'ping':
        this.send({ type: 'pong' });
        break;
      case 'pong':
        break;
      case 'error':
        this.#refused = message;
        this.#deps.onMessage(message);
        break;
      case 'bye':
        this.#bye(message.reason);
        break;
      default:
        this.#deps.onMessage(message);
    }
  }

  #bye(reason: ByeReason): void {
    if (reason === 'closing' || reason === 'gone') return;
    const resumed = this.#resume !== undefined;
    this.#resume = undefined;
    this.#deps.store?.save(undefined);
    // A place that can't be resumed, after a long time away, is asked for anew; a token that is refused will be so again.
    if (reason === 'refused' && resumed && this.#refused?.code.startsWith('TOKEN_')) return;
    this.#end('refused', reason === 'refused' ? this.#refused : reason);
  }

  #lost(): void {
    if (this.#state === 'closed' || this.#state === 'refused') return;
    this.#drop();
    this.#become('down');
    this.#retry(reconnectDelay(this.#attempt, Math.random()));
  }

  #retry(delayMs: number): void {
    this.#set('retry', delayMs, () => void this.#open());
  }

  #end(state: 'refused' | 'closed', why?: ByeReason | ErrorMessage): void {
    if (this.#state === 'closed') return;
    this.#drop();
    this.#unsubscribe?.();
    this.#become(state, why);
  }

  #drop(): void {
    for (const name of ['retry', 'open', 'gone', 'probe'] as const) this.#clear(name);
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = undefined;
    socket.close();
  }

  #become(state: LinkState, why?: ByeReason | ErrorMessage): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#deps.onState(state, why);
  }

  #set(name: 'retry' | 'open' | 'gone' | 'probe', ms: number, then: () => void): void {
    this.#clear(name);
    const timer = setTimeout(() => {
      this.#clear(name);
      then();
    }, ms);
    this.#timers = { ...this.#timers, [name]: timer };
  }

  #clear(name: 'retry' | 'open' | 'gone' | 'probe'): void {
    const { [name]: timer, ...others } = this.#timers;
    clearTimeout(timer);
    this.#timers = others;
  }
}
