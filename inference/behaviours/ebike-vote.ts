import type { Scene, Track } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';

type EbikeOptions = InferenceOptions['ebike'];

export interface EbikeEvidence {
  readonly ts: number;
  /** Worth of this look in the vote, 0–1. */
  readonly worth: number;
  readonly clear: boolean;
  readonly track: Track | undefined;
}

export interface EbikeTally {
  readonly looks: number;
  /** Looks with evidence. */
  readonly votes: number;
  /** Weighted share of the looks that speak for an e-bike, 0–1. */
  readonly share: number;
  /** When the evidence in the window began, ms. */
  readonly since: number;
  readonly confirmed: boolean;
  readonly warned: boolean;
}

/** What one look says about an e-bike: the strongest object seen in it. */
export function weighLook(scene: Scene, options: EbikeOptions): EbikeEvidence {
  let best: EbikeEvidence = { ts: scene.ts, worth: 0, clear: false, track: undefined };
  for (const track of scene.objects) {
    const label = options.labels[track.label];
    if (!label || track.lastSeen !== scene.ts || track.score < label.score) continue;
    const better =
      label.weight > best.worth || (label.weight === best.worth && track.score > (best.track?.score ?? 0));
    if (better) best = { ts: scene.ts, worth: label.weight, clear: track.score >= label.clear, track };
  }
  return best;
}

/** Two clear looks within this time are enough to speak to whoever brings the bike. */
const WARN_MS = 1000;

/** The sliding vote over the last `windowSeconds`. */
export function createEbikeVote(options: EbikeOptions) {
  let window: EbikeEvidence[] = [];
  return {
    push(evidence: EbikeEvidence): EbikeTally {
      window.push(evidence);
      window = window.filter((e) => evidence.ts - e.ts < options.windowSeconds * 1000);
      const votes = window.filter((e) => e.worth > 0);
      const share = window.reduce((sum, e) => sum + e.worth, 0) / window.length;
      const since = votes[0]?.ts ?? evidence.ts;
      const span = (votes.at(-1)?.ts ?? since) - since;
      const confirmed =
        votes.length >= options.minLooks &&
        share >= options.share - 1e-9 &&
        span >= options.spanSeconds * 1000;
      const clear = window.filter((e) => e.clear && evidence.ts - e.ts <= WARN_MS);
      return {
        looks: window.length,
        votes: votes.length,
        share,
        since,
        confirmed,
        warned: clear.length >= 2,
      };
    },
    clear: () => {
      window = [];
    },
    toJSON: () => window,
  };
}
