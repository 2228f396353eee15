import type { Behaviour, BehaviourEvent, Scene } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createBehaviour, createEpisode } from './episode.ts';
import { presentPeople } from './present-people.ts';

/** More people than `moreThan`, `looks` looks in a row and for `holdSeconds`; ends by the same measure. */
export function createCrowding(
  options: InferenceOptions['crowding'],
  presence: InferenceOptions['occupancy'],
): Behaviour {
  const episode = createEpisode('crowding');
  let agreeing = 0;
  let since = 0;
  let waitForEnd = false;

  function step(scene: Scene): BehaviourEvent[] {
    if (!scene.inferred) return [];
    const people = presentPeople(scene, presence);
    const crowded = people.length > options.moreThan;
    const open = episode.startedAt !== undefined;
    if (!crowded) waitForEnd = false;
    if (open && episode.capped(scene.ts, options.capSeconds)) {
      waitForEnd = true;
      return [episode.end(scene, { count: people.length, reason: 'cap' })];
    }
    // A covered lens hides a crowd but does not dissolve it.
    if (crowded === open || (open && scene.doubt)) agreeing = 0;
    else if (agreeing++ === 0) since = scene.ts;
    if (agreeing < options.looks || scene.ts - since < options.holdSeconds * 1000 || waitForEnd) return [];
    agreeing = 0;
    if (open) return [episode.end(scene, { count: people.length, reason: 'seen' })];
    const trackIds = people.map((t) => t.trackId);
    const sureness = people.reduce((sum, t) => sum + t.score, 0) / people.length;
    return [
      episode.start(scene, since, sureness, { count: people.length, moreThan: options.moreThan, trackIds }),
    ];
  }

  return createBehaviour('crowding', step, () => ({ agreeing, since, waitForEnd, episode }));
}
