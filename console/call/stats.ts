import type { PeerConnection } from '../../signaling/index.ts';

/** How a connection does, summed up from WebRTC's own statistics. Counters rise from 0. */
export interface PeerStats {
  readonly framesDecoded: number;
  readonly framesSent: number;
  /** Energy of the sound received (W3C webrtc-stats: totalAudioEnergy); stands still in silence. */
  readonly audioEnergy: number;
  readonly packetsLost: number;
  readonly bytesReceived: number;
  /** Round trip, ms; undefined before the first measurement. */
  readonly roundTripMs: number | undefined;
  /** How our end of the way in use was found: `host`, `srflx`, `prflx`, `relay`. */
  readonly route: string | undefined;
}

type Entry = Readonly<Record<string, unknown>>;

export async function readStats(connection: Pick<PeerConnection, 'getStats'>): Promise<PeerStats> {
  const entries: Entry[] = [];
  const report = await connection.getStats();
  report.forEach((entry) => void entries.push(entry));
  const of = (type: string): Entry[] => entries.filter((entry) => entry.type === type);
  const sum = (list: Entry[], field: string): number =>
    list.reduce((total, entry) => total + (typeof entry[field] === 'number' ? entry[field] : 0), 0);
  const incoming = of('inbound-rtp');
  const transport = of('transport')[0];
  const pair = entries.find(({ id }) => id !== undefined && id === transport?.selectedCandidatePairId);
  const local = entries.find(({ id }) => id !== undefined && id === pair?.localCandidateId);
  return {
    framesDecoded: sum(incoming, 'framesDecoded'),
    framesSent: sum(of('outbound-rtp'), 'framesSent'),
    audioEnergy: sum(incoming, 'totalAudioEnergy'),
    packetsLost: sum(incoming, 'packetsLost'),
    bytesReceived: sum(incoming, 'bytesReceived'),
    roundTripMs:
      typeof pair?.currentRoundTripTime === 'number' ? pair.currentRoundTripTime * 1000 : undefined,
    route: typeof local?.candidateType === 'string' ? local.candidateType : undefined,
  };
}
