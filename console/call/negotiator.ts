import type { CandidateMessage, DescriptionMessage, PeerConnection } from '../../signaling/index.ts';

export interface NegotiatorDeps {
  readonly connection: PeerConnection;
  readonly send: (message: {
    readonly description?: DescriptionMessage;
    readonly candidate?: CandidateMessage;
  }) => void;
  /** Called between the other side's offer and our answer to it: the moment to put our tracks to theirs. */
  readonly beforeAnswer: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Perfect negotiation (WebRTC 1.0, 10.7): either side may offer at any time, and of two offers at once the impolite side's wins.
 * All steps go through one queue, so that none finds the connection in the middle of another; and offers are made
 * explicitly, since wrtc's setLocalDescription makes none.
 */
export class Negotiator {
  readonly #deps: NegotiatorDeps;
  readonly #polite: boolean;
  /** Candidates that came before the description they belong to. */
  #early: CandidateMessage[] = [];
  #ignoring = false;
  #closed = false;
  #queue: Promise<void> = Promise.resolve();

  /** @param polite gives way when both offer at once */
  constructor(polite: boolean, deps: NegotiatorDeps) {
    this.#polite = polite;
    this.#deps = deps;
    const { connection, send } = deps;
    connection.onnegotiationneeded = () => this.offer();
    connection.onicecandidate = ({ candidate }) => {
      // An empty one only says that there are no more.
      if (candidate && candidate.candidate !== '') send({ candidate: plain(candidate) });
    };
  }

  /** Offers anew if the connection is at rest; when it is not, it asks by itself once it is. */
  offer(): void {
    this.#run(async () => {
      const { connection } = this.#deps;
      if (connection.signalingState !== 'stable') return;
      await connection.setLocalDescription(await connection.createOffer());
      this.#sendLocal();
    });
  }

  /** Repeats an offer that may have been lost on the way, or its answer. */
  resend(): void {
    this.#run(async () => {
      if (this.#deps.connection.signalingState === 'have-local-offer') this.#sendLocal();
    });
  }

  accept(description: DescriptionMessage): void {
    this.#run(async () => {
      const { connection, beforeAnswer } = this.#deps;
      const isOffer = description.type === 'offer';
      const atRest = connection.signalingState === 'stable';
      this.#ignoring = isOffer && !atRest && !this.#polite;
      // An answer to an offer that was taken back, or the second to one that was repeated.
      if (this.#ignoring || (!isOffer && atRest)) return;
      if (isOffer && !atRest) await connection.setLocalDescription({ type: 'rollback' });
      await connection.setRemoteDescription(description);
      for (const candidate of this.#early.splice(0)) await connection.addIceCandidate(candidate);
      if (!isOffer) return;
      await beforeAnswer();
      await connection.setLocalDescription(await connection.createAnswer());
      this.#sendLocal();
    });
  }

  addCandidate(candidate: CandidateMessage): void {
    this.#run(async () => {
      const { connection } = this.#deps;
      if (!connection.remoteDescription) this.#early.push(candidate);
      // Candidates of an offer that was ignored belong to nothing.
      else
        await connection
          .addIceCandidate(candidate)
          .catch((error) => this.#ignoring || this.#deps.onError(error));
    });
  }

  close(): void {
    this.#closed = true;
    const { connection } = this.#deps;
    connection.onnegotiationneeded = null;
    connection.onicecandidate = null;
  }

  #sendLocal(): void {
    const { localDescription } = this.#deps.connection;
    if (localDescription && !this.#closed)
      this.#deps.send({ description: { type: localDescription.type, sdp: localDescription.sdp } });
  }

  #run(step: () => Promise<void>): void {
    this.#queue = this.#queue
      .then(() => (this.#closed ? undefined : step()))
      .catch((error: unknown) => {
        if (!this.#closed) this.#deps.onError(error);
      });
  }
}

const plain = ({
  candidate,
  sdpMid,
  sdpMLineIndex,
  usernameFragment,
}: CandidateMessage): CandidateMessage => ({
  candidate,
  ...(sdpMid !== undefined && { sdpMid }),
  ...(sdpMLineIndex !== undefined && { sdpMLineIndex }),
  ...(usernameFragment !== undefined && { usernameFragment }),
});
