import type {
  CallPlatform,
  CandidateMessage,
  ConnectionConfiguration,
  DescriptionMessage,
  Direction,
  IceMessage,
  MediaState,
  MediaTrack,
  PeerConnection,
} from '../../signaling/index.ts';
import { Negotiator } from './negotiator.ts';
import { MOST_ATTEMPTS, reconnectDelay } from './reconnect-delay.ts';

export interface PeerSignal {
  readonly generation: number;
  readonly description?: DescriptionMessage | undefined;
  readonly candidate?: CandidateMessage | undefined;
  readonly renew?: boolean | undefined;
}

export interface LocalTracks {
  readonly audio?: MediaTrack | undefined;
  readonly video?: MediaTrack | undefined;
}

export interface PeerMediaDeps {
  readonly platform: CallPlatform;
  readonly send: (signal: PeerSignal) => boolean;
  /** Fresh servers and credentials if they can be had, else those at hand. */
  readonly ice: (fresh: boolean) => Promise<IceMessage>;
  /** What the other side may have of us just now. */
  readonly tracks: () => LocalTracks;
  readonly onTrack: (track: MediaTrack) => void;
  readonly onMedia: (media: MediaState) => void;
  readonly onError: (error: unknown) => void;
}

/** A short gap mends itself; after this an ICE restart is quicker, ms. */
const PATIENCE_MS = 2_000;
/** Attempts by ICE restart; the later ones build a new connection. */
const ICE_RESTARTS = 3;
const KINDS = ['audio', 'video'] as const;

/**
 * The media between us and one other. The impolite side begins and brings lost media back: first by ICE restart with fresh
 * credentials, then by a whole new connection, a generation higher; the polite one only asks for it.
 */
export class PeerMedia {
  readonly #polite: boolean;
  readonly #deps: PeerMediaDeps;
  #generation = 0;
  #connection: PeerConnection | undefined;
  #negotiator: Negotiator | undefined;
  #receives: boolean;
  #media: MediaState | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  /** Signals wait until the connection they are for is made. */
  #ready: Promise<void>;

  /** @param receives whether we take anything from the other side */
  constructor(polite: boolean, receives: boolean, deps: PeerMediaDeps) {
    this.#polite = polite;
    this.#receives = receives;
    this.#deps = deps;
    this.#ready = this.#build();
  }

  get media(): MediaState | undefined {
    return this.#media;
  }

  get connection(): PeerConnection | undefined {
    return this.#connection;
  }

  /** What we give or take may have changed. */
  update(receives: boolean): void {
    this.#receives = receives;
    this.#ready = this.#ready.then(() => this.#put()).catch(this.#deps.onError);
  }

  accept(signal: PeerSignal): void {
    this.#ready = this.#ready.then(() => this.#accept(signal)).catch(this.#deps.onError);
  }

  /** Signaling is back: what was said meanwhile may be lost. */
  lineUp(): void {
    if (this.#media) this.#deps.onMedia(this.#media);
    this.#negotiator?.resend();
    if (this.#media !== 'connected') this.#renewSoon(0);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  async #build(): Promise<void> {
    const { platform, ice, onTrack, onError } = this.#deps;
    const configuration = toConfiguration(await ice(false));
    if (this.#closed) return;
    this.#drop();
    const connection = platform.createConnection(configuration);
    this.#connection = connection;
    connection.ontrack = ({ track }) => onTrack(track);
    connection.onconnectionstatechange = () => this.#watch(connection);
    const generation = this.#generation;
    this.#negotiator = new Negotiator(this.#polite, {
      connection,
      send: (message) => void this.#deps.send({ ...message, generation }),
      beforeAnswer: () => this.#put(),
      onError,
    });
    if (this.#polite) return;
    const tracks = this.#deps.tracks();
    for (const kind of KINDS) {
      const track = tracks[kind];
      connection.addTransceiver(track ?? kind, { direction: this.#direction(track) });
    }
    // A line that is never found is no reason to wait for ever.
    this.#renewSoon(reconnectDelay(1, 0.5));
  }

  /** Our tracks to the transceivers that are there; a change of direction makes the connection negotiate anew. */
  async #put(): Promise<void> {
    const tracks = this.#deps.tracks();
    for (const transceiver of this.#connection?.getTransceivers() ?? []) {
      const { sender, receiver } = transceiver;
      const track = tracks[receiver.track.kind as (typeof KINDS)[number]];
      if (sender.track?.id !== track?.id) await sender.replaceTrack(track ?? null);
      const direction = this.#direction(track);
      if (transceiver.direction !== direction) transceiver.direction = direction;
    }
  }

  #direction(track: MediaTrack | undefined): Direction {
    if (track) return this.#receives ? 'sendrecv' : 'sendonly';
    return this.#receives ? 'recvonly' : 'inactive';
  }

  async #accept({ generation, description, candidate, renew }: PeerSignal): Promise<void> {
    if (generation < this.#generation) return;
    if (generation > this.#generation) {
      this.#generation = generation;
      await this.#build();
    }
    if (renew && !this.#polite && this.#media !== 'restarting') this.#renewSoon(0);
    if (description) this.#negotiator?.accept(description);
    if (candidate) this.#negotiator?.addCandidate(candidate);
  }

  #watch(connection: PeerConnection): void {
    if (connection !== this.#connection) return;
    switch (connection.connectionState) {
      case 'connected':
        clearTimeout(this.#timer);
        this.#attempt = 0;
        this.#tell('connected');
        break;
      case 'disconnected':
        this.#tell('disconnected');
        this.#renewSoon(PATIENCE_MS);
        break;
      case 'failed':
        this.#tell('disconnected');
        this.#renewSoon(0);
    }
  }

  #renewSoon(delayMs: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renew().catch(this.#deps.onError), delayMs);
  }

  async #renew(): Promise<void> {
    if (this.#closed || this.#connection?.connectionState === 'connected') return;
    if (this.#polite) {
      // The other side may not have noticed.
      this.#deps.send({ generation: this.#generation, renew: true });
      return;
    }
    if (this.#attempt >= MOST_ATTEMPTS) {
      this.#tell('failed');
      return;
    }
    this.#attempt += 1;
    this.#tell('restarting');
    const ice = await this.#deps.ice(true);
    if (this.#closed) return;
    if (this.#attempt <= ICE_RESTARTS && this.#connection) {
      this.#connection.setConfiguration(toConfiguration(ice));
      this.#connection.restartIce();
      // One that still waits for its answer asks by itself only after it.
      this.#negotiator?.resend();
    } else {
      this.#generation += 1;
      await this.#build();
    }
    this.#renewSoon(reconnectDelay(this.#attempt, Math.random()));
  }

  #tell(media: MediaState): void {
    if (media === this.#media) return;
    this.#media = media;
    this.#deps.onMedia(media);
  }

  #drop(): void {
    this.#negotiator?.close();
    const connection = this.#connection;
    this.#connection = undefined;
    if (!connection) return;
    connection.ontrack = connection.onconnectionstatechange = null;
    connection.close();
  }
}

const toConfiguration = ({ servers, relayOnly }: IceMessage): ConnectionConfiguration => ({
  iceServers: servers,
  iceTransportPolicy: relayOnly ? 'relay' : 'all',
});
