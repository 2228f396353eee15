import type { CandidateMessage, DescriptionMessage, IceMessage } from '../protocol/messages.ts';
import type { ClientSocket } from '../server/socket.ts';

/**
 * What the client library (console/call) needs of the machine it runs on: a browser, or Node with @roamhq/wrtc. Only the part of
 * WebRTC that it uses is written out, in WebRTC's own words, so that either's objects fit as they are.
 */
export interface CallPlatform {
  openSocket(url: string): ClientSocket;
  createConnection(configuration: ConnectionConfiguration): PeerConnection;
  /** The machine's network has changed: what was connected may be no more. Returns what unsubscribes. */
  onNetworkChange?(listener: () => void): () => void;
}

export interface ConnectionConfiguration {
  readonly iceServers: IceMessage['servers'];
  readonly iceTransportPolicy: 'all' | 'relay';
  /** One way for sound and picture: half as much to find, and to lose. */
  readonly bundlePolicy: 'max-bundle';
}

export interface MediaTrack {
  readonly id: string;
  readonly kind: string;
  enabled: boolean;
  stop(): void;
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive' | 'stopped';

export interface Transceiver {
  readonly mid: string | null;
  direction: Direction;
  readonly receiver: { readonly track: MediaTrack };
  readonly sender: {
    readonly track: MediaTrack | null;
    replaceTrack(track: MediaTrack | null): Promise<void>;
  };
}

export interface PeerConnection {
  readonly signalingState: string;
  readonly connectionState: string;
  readonly localDescription: DescriptionMessage | null;
  readonly remoteDescription: DescriptionMessage | null;
  onnegotiationneeded: (() => void) | null;
  onicecandidate: ((event: { readonly candidate: CandidateMessage | null }) => void) | null;
  onconnectionstatechange: (() => void) | null;
  ontrack: ((event: { readonly track: MediaTrack }) => void) | null;
  createOffer(): Promise<DescriptionMessage>;
  createAnswer(): Promise<DescriptionMessage>;
  setLocalDescription(description: DescriptionMessage | { readonly type: 'rollback' }): Promise<void>;
  setRemoteDescription(description: DescriptionMessage): Promise<void>;
  addIceCandidate(candidate: CandidateMessage): Promise<void>;
  addTransceiver(of: MediaTrack | 'audio' | 'video', init: { readonly direction: Direction }): Transceiver;
  getTransceivers(): readonly Transceiver[];
  /** An RTCStatsReport. */
  getStats(): Promise<{ forEach(visit: (entry: Readonly<Record<string, unknown>>) => void): void }>;
  restartIce(): void;
  setConfiguration(configuration: ConnectionConfiguration): void;
  close(): void;
}
