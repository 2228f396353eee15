import type { Behaviour, BehaviourEvent, Scene } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createEbikeVote, type EbikeEvidence, type EbikeTally, weighLook } from './ebike-vote.ts';
import { createBehaviour, createEpisode } from './episode.ts';

type Stage = 'none' | 'warning' | 'confirmed';

/** A bike cannot leave without moving at least this share of the picture. */
const LEAVING_MOTION = 0.03;

/**
 * An e-bike in the cabin. Two clear looks within a second start the event as a `warning` (for the voice); the vote
 * over `windowSeconds` confirms it, or it is withdrawn after `decideSeconds`. One bike is one event however long it
 * stands: it ends when the bike has not been seen for `absentSeconds` and something has moved since, or at the cap.
 * `evidence.stage` is `warning` or `confirmed`, on `ended` `gone`, `withdrawn` or `cap`.
 */
export function createEbike(options: InferenceOptions['ebike']): Behaviour {
  const episode = createEpisode('ebike');
  const vote = createEbikeVote(options);
  let stage: Stage = 'none';
  let warnedAt = 0;
  let lastSeen = 0;
  let movedSince = false;
  let quietUntil = Number.NEGATIVE_INFINITY;
  let capped = false;

  function step(scene: Scene): BehaviourEvent[] {
    if (!scene.inferred || scene.posesOnly) return [];
    const look = weighLook(scene, options);
    const tally = vote.push(look);
    notePresence(scene);
    if (stage === 'none') return open(scene, look, tally);
    if (stage === 'warning') return decide(scene, look, tally);
    if (episode.capped(scene.ts, options.capSeconds)) return close(scene, 'cap');
    return gone(scene) ? close(scene, 'gone') : [];
  }

  /** For staying, any sighting will do, however weak: the doubt is over, only its end is looked for. */
  function notePresence(scene: Scene): void {
    if (scene.objects.some((t) => t.lastSeen === scene.ts && options.labels[t.label])) {
      lastSeen = scene.ts;
      movedSince = false;
    } else if (scene.picture.motion >= LEAVING_MOTION) movedSince = true;
  }

  function gone(scene: Scene): boolean {
    if (scene.doubt && scene.doubt !== 'infrared') return false;
    const unseen = (scene.ts - lastSeen) / 1000;
    return unseen >= (movedSince ? options.absentSeconds : options.stillHoldSeconds);
  }

  function open(scene: Scene, look: EbikeEvidence, tally: EbikeTally): BehaviourEvent[] {
    if (capped) capped = scene.ts - lastSeen < options.absentSeconds * 1000;
    if (capped || scene.ts < quietUntil || !(tally.confirmed || tally.warned)) return [];
    stage = tally.confirmed ? 'confirmed' : 'warning';
    warnedAt = scene.ts;
    return [episode.start(scene, tally.since, sureness(tally, look), evidence(tally, look, stage))];
  }

  function decide(scene: Scene, look: EbikeEvidence, tally: EbikeTally): BehaviourEvent[] {
    if (tally.confirmed) {
      stage = 'confirmed';
      return [episode.update(scene, sureness(tally, look), evidence(tally, look, stage))];
    }
    return scene.ts - warnedAt >= options.decideSeconds * 1000 ? close(scene, 'withdrawn') : [];
  }

  function close(scene: Scene, reason: 'gone' | 'withdrawn' | 'cap'): BehaviourEvent[] {
    stage = 'none';
    capped = reason === 'cap';
    quietUntil = scene.ts + options.rearmSeconds * 1000;
    vote.clear();
    return [episode.end(scene, { stage: reason, unseenSeconds: (scene.ts - lastSeen) / 1000 })];
  }

  return createBehaviour('ebike', step, () => ({
    stage,
    warnedAt,
    lastSeen,
    quietUntil,
    capped,
    vote,
    episode,
  }));
}

/** The share of agreeing looks, held back by how sure the model was of the best of them. */
function sureness(tally: EbikeTally, look: EbikeEvidence): number {
  return Math.min(1, 0.5 * tally.share + 0.5 * (look.track?.score ?? 0.3));
}

function evidence(tally: EbikeTally, look: EbikeEvidence, stage: Stage): BehaviourEvent['evidence'] {
  const { looks, votes } = tally;
  const share = Math.round(tally.share * 1000) / 1000;
  const base = { stage, looks, votes, share };
  return look.track
    ? { ...base, label: look.track.label, score: look.track.score, trackIds: [look.track.trackId] }
    : base;
}
