import type { Negotiator } from '../../console/index.ts';
import type { CandidateMessage, DescriptionMessage, PeerConnection } from '../../signaling/index.ts';

/**
 * What two negotiators must settle, as functions that run wherever there is a WebRTC: in Node with wrtc, and, bundled, in a
 * browser's page.
 */
export interface Means {
  readonly createConnection: () => PeerConnection;
  readonly Negotiator: typeof Negotiator;
}

interface Sent {
  readonly description?: DescriptionMessage;
  readonly candidate?: CandidateMessage;
}

class Side {
  readonly connection: PeerConnection;
  readonly negotiator: Negotiator;
  readonly errors: string[] = [];
  offers = 0;
  /** What is said waits here until it is let go. */
  held: (() => void)[] | undefined;

  constructor(polite: boolean, means: Means, other: () => Side, loss: (sent: Sent) => boolean) {
    const connection = means.createConnection();
    this.connection = connection;
    this.negotiator = new means.Negotiator(polite, {
      connection,
      beforeAnswer: async () => {
        for (const transceiver of connection.getTransceivers())
          if (transceiver.direction === 'recvonly') transceiver.direction = 'sendrecv';
      },
      send: (sent) => {
        if (sent.description?.type === 'offer') this.offers += 1;
        if (loss(sent)) return;
        const pass = (): void => {
          if (sent.description) other().negotiator.accept(sent.description);
          if (sent.candidate) other().negotiator.addCandidate(sent.candidate);
        };
        if (this.held) this.held.push(pass);
        else setTimeout(pass, 0);
      },
      onError: (error) => this.errors.push(String(error)),
    });
  }

  letGo(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const pass of held) pass();
  }
}

class Two {
  readonly polite: Side;
  readonly impolite: Side;

  constructor(means: Means, loss: (sent: Sent) => boolean = () => false) {
    this.polite = new Side(true, means, () => this.impolite, loss);
    this.impolite = new Side(false, means, () => this.polite, loss);
  }

  async connected(): Promise<void> {
    const sides = [this.polite.connection, this.impolite.connection];
    await until(() =>
      sides.every((one) => one.connectionState === 'connected' && one.signalingState === 'stable'),
    );
  }

  transceivers(): readonly number[] {
    return [this.polite, this.impolite].map(({ connection }) => connection.getTransceivers().length);
  }

  result(): Result {
    const sides = [this.polite, this.impolite];
    const result = {
      states: sides.map(({ connection }) => connection.connectionState),
      errors: sides.flatMap(({ errors }) => errors),
      offers: sides.map(({ offers }) => offers),
      ufrags: sides.map(({ connection }) => ufrag(connection)),
      transceivers: this.transceivers(),
    };
    for (const { connection, negotiator } of sides) {
      negotiator.close();
      connection.close();
    }
    return result;
  }
}

export interface Result {
  readonly states: readonly string[];
  readonly errors: readonly string[];
  /** Offers made by the polite side and by the impolite. */
  readonly offers: readonly number[];
  readonly ufrags: readonly (string | undefined)[];
  readonly transceivers: readonly number[];
}

const ufrag = ({ localDescription }: PeerConnection): string | undefined =>
  /a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? '')?.[1];

async function until(fits: () => boolean, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; !fits(); ) {
    if (Date.now() > end) throw new Error('it was not settled in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const SCENES = {
  /** One side offers, candidates trickle. */
  async connects(means: Means): Promise<Result> {
    const two = new Two(means);
    two.impolite.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await two.connected();
    return two.result();
  },

  /** Both offer before either has heard of the other's. */
  async settlesGlare(means: Means): Promise<Result> {
    const two = new Two(means);
    two.polite.held = [];
    two.impolite.held = [];
    two.polite.connection.addTransceiver('audio', { direction: 'sendrecv' });
    two.impolite.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await until(() => two.polite.offers === 1 && two.impolite.offers === 1);
    two.polite.letGo();
    two.impolite.letGo();
    await two.connected();
    // The polite side may ask once more, for a line of its own.
    await until(() => two.transceivers().every((count, _, [first]) => count === first));
    return two.result();
  },

  /** In a connection that stands, both begin an ICE restart at once. */
  async settlesTwoRestarts(means: Means): Promise<Result & { readonly before: Result['ufrags'] }> {
    const two = new Two(means);
    two.impolite.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await two.connected();
    const before = [ufrag(two.polite.connection), ufrag(two.impolite.connection)];
    two.polite.connection.restartIce();
    two.impolite.connection.restartIce();
    await until(() =>
      [two.polite, two.impolite].every(({ connection }, i) => ufrag(connection) !== before[i]),
    );
    await two.connected();
    return { ...two.result(), before };
  },

  /** The first offer, and the answer to the second, are lost on the way. */
  async outlivesLoss(means: Means): Promise<Result> {
    const toLose = new Set(['offer', 'answer']);
    const two = new Two(
      means,
      ({ description }) => description !== undefined && toLose.delete(description.type),
    );
    two.impolite.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await until(() => !toLose.has('offer'));
    two.impolite.negotiator.resend();
    await until(() => !toLose.has('answer'));
    two.impolite.negotiator.resend();
    await two.connected();
    return two.result();
  },

  /** Candidates overtake the offer they belong to. */
  async takesEarlyCandidates(means: Means): Promise<Result> {
    const two = new Two(means);
    two.impolite.held = [];
    two.impolite.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await until(() => (two.impolite.held?.length ?? 0) >= 2);
    two.impolite.held?.reverse();
    two.impolite.letGo();
    await two.connected();
    return two.result();
  },
};
