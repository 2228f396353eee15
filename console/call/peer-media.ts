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
import { readStats } from './stats.ts';

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

/** Whether we give the other side anything, and take anything from it: by rights, whatever tracks there are just now. */
export interface Flow {
  readonly gives: boolean;
  readonly takes: boolean;
}

export interface PeerMediaDeps {
  readonly platform: CallPlatform;
  readonly send: (signal: PeerSignal) => boolean;
  /** Fresh servers and credentials if they can be had, else those at hand. */
  readonly ice: (fresh: boolean) => Promise<IceMessage>;
  /** Our tracks, as far as they are open. */
  readonly tracks: () => LocalTracks;
  readonly onTrack: (track: MediaTrack) => void;
  readonly onMedia: (media: MediaState) => void;
  readonly onError: (error: unknown) => void;
}

/** A short gap mends itself; after this an ICE restart is quicker, ms. */
const PATIENCE_MS = 2_000;
/** Sound comes fifty times a second; this long without any means that none gets through, ms. */
const SILENCE_MS = 1_000;
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
  #flow: Flow;
  #media: MediaState | undefined;
  #attempt = 0;
  #renewal = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  /** Signals wait until the connection they are for is made. */
  #ready: Promise<void>;

  constructor(polite: boolean, flow: Flow, deps: PeerMediaDeps) {
    this.#polite = polite;
    this.#flow = flow;
    this.#deps = deps;
    this.#ready = this.#build();
  }

  get media(): MediaState | undefined {
    return this.#media;
  }

  get connection(): PeerConnection | undefined {
    return this.#connection;
  }

  /**
   * The flow or our tracks have changed. Both sides learn of the flow at the same time, so only the impolite one offers anew; and tracks
   * come and go without any offer.
   */
  update(flow: Flow): void {
    this.#flow = flow;
    this.#ready = this.#ready.then(() => this.#put(!this.#polite)).catch(this.#deps.onError);
  }

  accept(signal: PeerSignal): void {
    this.#ready = this.#ready.then(() => this.#accept(signal)).catch(this.#deps.onError);
  }

  /** Says again how the media are, to who has not heard it. */
  repeat(): void {
    if (this.#media) this.#deps.onMedia(this.#media);
  }

  /** Signaling is back: what was said meanwhile may be lost. */
  lineUp(): void {
    this.repeat();
    this.#negotiator?.resend();
    // What cut the line may have cut the media too, and WebRTC takes seconds longer to notice.
    if (this.#media) this.#renewSoon(0);
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
      beforeAnswer: () => this.#put(true),
      onError,
    });
    if (this.#polite) return;
    for (const kind of KINDS) connection.addTransceiver(kind, { direction: this.#direction() });
    await this.#put(true);
    // A line that is never found is no reason to wait for ever.
    this.#renewSoon(reconnectDelay(1, 0.5));
  }

  /** Our tracks to the transceivers that are there. @param turn also sets their direction, which makes for an offer */
  async #put(turn: boolean): Promise<void> {
    const tracks = this.#flow.gives ? this.#deps.tracks() : {};
    for (const transceiver of this.#connection?.getTransceivers() ?? []) {
      const { sender, receiver } = transceiver;
      const track = tracks[receiver.track.kind as (typeof KINDS)[number]];
      if (sender.track?.id !== track?.id) await sender.replaceTrack(track ?? null);
      const direction = this.#direction();
      if (turn && transceiver.direction !== direction) transceiver.direction = direction;
    }
  }

  #direction(): Direction {
    const { gives, takes } = this.#flow;
    if (gives) return takes ? 'sendrecv' : 'sendonly';
    return takes ? 'recvonly' : 'inactive';
  }

  async #accept({ generation, description, candidate, renew }: PeerSignal): Promise<void> {
    if (generation < this.#generation) return;
    if (generation > this.#generation) {
      this.#generation = generation;
      await this.#build();
    }
    if (renew && !this.#polite && this.#media !== 'restarting') this.#renewSoon(0);
    // A later offer may be an ICE restart, and the credentials for our own way through TURN may have run out by then.
    if (description?.type === 'offer' && this.#media) await this.#refresh();
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
    this.#renewal += 1;
    const renewal = this.#renewal;
    if (
      this.#connection?.connectionState === 'connected' &&
      !(this.#attempt === 0 && (await this.#isSilent()))
    ) {
      this.#attempt = 0;
      this.#tell('connected');
      return;
    }
    // Meanwhile somebody else may have begun.
    if (this.#closed || renewal !== this.#renewal) return;
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
    await this.#refresh();
    if (this.#closed) return;
    if (this.#attempt <= ICE_RESTARTS && this.#connection) {
      this.#connection.restartIce();
      // One that still waits for its answer asks by itself only after it.
      this.#negotiator?.resend();
    } else {
      this.#generation += 1;
      await this.#build();
    }
    this.#renewSoon(reconnectDelay(this.#attempt, Math.random()));
  }

  /** Nothing comes any more of what came before. */
  async #isSilent(): Promise<boolean> {
    const connection = this.#connection;
    if (!connection || !this.#flow.takes) return false;
    const { bytesReceived } = await readStats(connection);
    if (bytesReceived === 0) return false;
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
    return connection === this.#connection && (await readStats(connection)).bytesReceived === bytesReceived;
  }

  /** Credentials for TURN may have run out since the connection was made. */
  async #refresh(): Promise<void> {
    const ice = await this.#deps.ice(true);
    this.#connection?.setConfiguration(toConfiguration(ice));
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
  bundlePolicy: 'max-bundle',
});
