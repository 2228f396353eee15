import type {
  CallMessage,
  IceMessage,
  MediaState,
  MediaTrack,
  PartyMessage,
  PeerMessage,
  ServerMessage,
} from '../../signaling/index.ts';
import { Emitter } from './emitter.ts';
import { Link, type LinkState } from './link.ts';
import { type Flow, type LocalTracks, PeerMedia } from './peer-media.ts';
import { isPolite } from './polite.ts';
import type { CallView, SessionDeps, SessionEvents, SessionOptions } from './session-events.ts';
import { type PeerStats, readStats } from './stats.ts';

/** Fresh credentials are waited for so long, ms. */
const ICE_PATIENCE_MS = 1_500;

/**
 * One place in a lift's room: the line, the call as it is, and the media with each other who takes part in it. The operator's and
 * the cabin's clients differ only in who begins.
 */
export class Session extends Emitter<SessionEvents> {
  readonly #deps: SessionDeps;
  readonly #link: Link;
  readonly #peers = new Map<string, { readonly instance: string; readonly media: PeerMedia }>();
  #self: PartyMessage | undefined;
  #call: CallMessage | undefined;
  #ice: IceMessage = { servers: [], ttlMs: 0, relayOnly: false };
  readonly #iceWaiters = new Set<(ice: IceMessage) => void>();
  #opening: Promise<void> | undefined;
  #tracks: LocalTracks = {};
  readonly #muted = new Set<string>();
  #hears = true;
  /** Ends the waiting for media in a call that has ended meanwhile. */
  #mediaOf = 0;

  constructor(options: SessionOptions, deps: SessionDeps) {
    super();
    this.#deps = deps;
    this.#link = new Link(options, {
      platform: deps.platform,
      store: deps.store,
      onWelcome: (welcome) => this.#welcome(welcome),
      onMessage: (message) => this.#receive(message),
      onState: (state, why) => {
        this.emit('link', { state, why });
        if (state === 'refused') this.#endCall();
        else this.#showCall();
      },
    });
  }

  get link(): LinkState {
    return this.#link.state;
  }

  get self(): PartyMessage | undefined {
    return this.#self;
  }

  get view(): CallView | undefined {
    const call = this.#call;
    if (!call) return undefined;
    const id = this.#self?.id;
    return {
      id: call.id,
      state: this.#stateOf(call),
      incidentId: call.incidentId,
      by: call.by,
      mine: call.by.id === id,
      taking: call.peers.some((peer) => peer.id === id),
      heard: call.peers.every(({ role, hears }) => role !== 'cabin' || hears !== false),
      recording: call.recording,
      endReason: call.endReason,
    };
  }

  get local(): LocalTracks {
    return this.#tracks;
  }

  send(message: Parameters<Link['send']>[0]): boolean {
    return this.#link.send(message);
  }

  /** Says something of the call that goes on; false where there is none or the line is down. */
  sendInCall(type: 'answer' | 'listen' | 'take-over' | 'hang-up'): boolean {
    return this.#call !== undefined && this.#link.send({ type, callId: this.#call.id });
  }

  /** Whether what is said to us is heard here; said again when the line is back. */
  sayHears(hears: boolean): void {
    this.#hears = hears;
    this.#link.send({ type: 'hears', hears });
  }

  mute(kind: 'audio' | 'video', muted: boolean): void {
    if (muted) this.#muted.add(kind);
    else this.#muted.delete(kind);
    const track = this.#tracks[kind];
    if (track) track.enabled = !muted;
  }

  /** Another microphone or camera, without a break; the one before is closed. */
  replaceTrack(kind: 'audio' | 'video', track: MediaTrack): void {
    this.#tracks[kind]?.stop();
    track.enabled = !this.#muted.has(kind);
    this.#setTracks({ ...this.#tracks, [kind]: track });
    this.#syncPeers();
  }

  /** Opens microphone and camera unless they are; resolves when there is nothing more to wait for. */
  openMedia(): Promise<void> {
    if (this.#opening) return this.#opening;
    const ticket = ++this.#mediaOf;
    this.#opening = this.#deps
      .openMedia()
      .catch((error: unknown) => {
        this.emit('error', error);
        return {} as LocalTracks;
      })
      .then((tracks) => {
        if (ticket !== this.#mediaOf) {
          stop(tracks);
          return;
        }
        for (const kind of ['audio', 'video'] as const)
          if (tracks[kind]) tracks[kind].enabled = !this.#muted.has(kind);
        this.#setTracks(tracks);
        this.#syncPeers();
      });
    return this.#opening;
  }

  closeMedia(): void {
    this.#mediaOf += 1;
    this.#opening = undefined;
    stop(this.#tracks);
    this.#setTracks({});
  }

  /** Of each other, by id. */
  async stats(): Promise<ReadonlyMap<string, PeerStats>> {
    const all = new Map<string, PeerStats>();
    for (const [id, { media }] of this.#peers)
      if (media.connection) all.set(id, await readStats(media.connection));
    return all;
  }

  /** @param leave gives up the place at once; otherwise it is kept for a while, as on a reload */
  close(leave: boolean): void {
    this.#link.close(leave);
    this.#endCall();
  }

  #welcome(welcome: Extract<ServerMessage, { type: 'welcome' }>): void {
    this.#self = { id: welcome.self.id, name: welcome.self.name, role: welcome.self.role };
    this.#ice = welcome.ice;
    this.emit('rights', welcome.self.rights);
    this.emit('consent', welcome.consent);
    this.emit('members', welcome.members);
    // What the call was before the line was cut: over, if it is not there any more.
    if (welcome.call) this.#setCall(welcome.call);
    else if (this.#call) this.#setCall({ ...this.#call, state: 'ended', peers: [], endReason: 'lost' });
    if (!this.#hears) this.sayHears(false);
    for (const { media } of this.#peers.values()) media.lineUp();
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'members':
        this.emit('members', message.members);
        break;
      case 'rights':
        this.emit('rights', message.rights);
        break;
      case 'call':
        this.#setCall(message.call);
        break;
      case 'signal': {
        const peer = this.#peers.get(message.from);
        // Of a page that is no more, or that we don't know of yet: it will say it again.
        if (peer?.instance === message.instance) peer.media.accept(message);
        break;
      }
      case 'ice':
        this.#ice = message.ice;
        for (const resolve of this.#iceWaiters) resolve(message.ice);
        break;
      case 'error':
        // Whoever is just away hears of it when they are back.
        if (message.code !== 'NO_PEER') this.emit('refused', message);
    }
  }

  #setCall(call: CallMessage): void {
    const before = this.#call;
    this.#call = call;
    if (call.state === 'ended') {
      this.#endCall();
      return;
    }
    this.#syncPeers();
    this.#showCall();
    // With another holder the call begins anew on the server, but what it is carried by may be there already.
    if (before && before.by.id !== call.by.id) for (const { media } of this.#peers.values()) media.repeat();
  }

  #endCall(): void {
    const ended = this.#call;
    for (const { media } of this.#peers.values()) media.close();
    this.#peers.clear();
    this.closeMedia();
    if (!ended) return;
    this.#call = { ...ended, state: 'ended', peers: [] };
    this.#showCall();
    this.#call = undefined;
  }

  #showCall(): void {
    const { view } = this;
    if (view) this.emit('call', view);
  }

  #stateOf(call: CallMessage): CallMessage['state'] {
    if (this.#link.up || call.state === 'ended') return call.state;
    // Nobody tells us while the line is cut; our own media do.
    const states = [...this.#peers.values()].map(({ media }) => media.media);
    if (states.length === 0 || states.includes('connected')) return call.state;
    return states.includes('disconnected') ? 'degraded' : 'reconnecting';
  }

  /** One connection to each other who gives us something or takes something from us. */
  #syncPeers(): void {
    const call = this.#call;
    const self = call?.peers.find(({ id }) => id === this.#self?.id);
    const others = self ? (call?.peers.filter((peer) => peer !== self && isPair(self, peer)) ?? []) : [];
    for (const [id, { instance, media }] of this.#peers) {
      const other = others.find((peer) => peer.id === id);
      if (other && (other.instance === undefined || other.instance === instance)) continue;
      media.close();
      this.#peers.delete(id);
    }
    if (!self || !call || call.state === 'ringing') return;
    // Who begins to listen to us, or has taken the call over, needs it; whose right was withdrawn has no use for it.
    if (self.sends && others.some(({ receives }) => receives)) void this.openMedia();
    else if (!self.sends && this.#opening) this.closeMedia();
    for (const other of others) {
      const known = this.#peers.get(other.id);
      if (known) known.media.update(flowOf(self, other));
      else if (other.instance !== undefined) this.#meet(self, other, other.instance);
    }
  }

  #meet(self: PeerMessage, other: PeerMessage, instance: string): void {
    const callId = this.#call!.id;
    const polite = isPolite(self, other);
    const report = (media: MediaState): void => {
      this.#link.send({ type: 'report', callId, peer: other.id, media });
      // Lost media are often a lost network, which the line to signaling has not noticed yet.
      if (media === 'disconnected') this.#link.probe();
      this.#showCall();
    };
    const media = new PeerMedia(polite, flowOf(self, other), {
      platform: this.#deps.platform,
      send: (signal) => this.#link.send({ type: 'signal', to: other.id, callId, ...defined(signal) }),
      ice: async (fresh) => (fresh ? this.#freshIce() : this.#ice),
      tracks: () => this.#tracks,
      onTrack: (track) => this.emit('track', { peerId: other.id, role: other.role, track }),
      onMedia: report,
      onError: (error) => this.emit('error', error),
    });
    this.#peers.set(other.id, { instance, media });
  }

  /** Credentials may have run out since the call began. */
  #freshIce(): Promise<IceMessage> {
    if (!this.#link.send({ type: 'ice' })) return Promise.resolve(this.#ice);
    return new Promise((resolve) => {
      const settle = (ice: IceMessage): void => {
        clearTimeout(timer);
        this.#iceWaiters.delete(settle);
        resolve(ice);
      };
      const timer = setTimeout(() => settle(this.#ice), ICE_PATIENCE_MS);
      this.#iceWaiters.add(settle);
    });
  }

  #setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.emit('local', tracks);
  }
}

const flowOf = (self: PeerMessage, other: PeerMessage): Flow => ({
  gives: self.sends && other.receives,
  takes: self.receives && other.sends,
});

function isPair(self: PeerMessage, other: PeerMessage): boolean {
  const { gives, takes } = flowOf(self, other);
  return gives || takes;
}

function stop(tracks: LocalTracks): void {
  tracks.audio?.stop();
  tracks.video?.stop();
}

/** Without the fields that are undefined: on the wire they are absent. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}
