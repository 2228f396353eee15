import { growBox, type Scene, shareInside, type Track, WHOLE_PICTURE } from '../../core/index.ts';

export interface PresenceOptions {
  /** How long somebody lost in the open still counts, s. */
  readonly bridgeSeconds: number;
  /** How long somebody lost behind another still counts, s. */
  readonly hiddenSeconds: number;
}

const HIDDEN_SHARE = 0.4;
const STILL_INSIDE = 0.5;

/**
 * The people held to be in the cabin: those seen in this look, those lost a moment ago, and those who were lost
 * where somebody else now stands in front of them.
 */
export function presentPeople(scene: Scene, options: PresenceOptions): Track[] {
  const seen = scene.people.filter((t) => t.state === 'confirmed');
  return scene.people.filter((t) => {
    if (t.state !== 'lost') return t.state === 'confirmed';
    // Walked out of the picture, as far as can be told.
    if (shareInside(t.box, WHOLE_PICTURE) < STILL_INSIDE) return false;
    const unseen = (scene.ts - t.lastSeen) / 1000;
    if (unseen <= options.bridgeSeconds) return true;
    return unseen <= options.hiddenSeconds && seen.some((s) => hides(s, t));
  });
}

function hides(front: Track, lost: Track): boolean {
  return shareInside(lost.box, growBox(front.box, 0.1)) >= HIDDEN_SHARE;
}
