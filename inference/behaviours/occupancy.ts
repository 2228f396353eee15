import type { Behaviour, BehaviourEvent, Scene } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createBehaviour, createEpisode } from './episode.ts';
import { presentPeople } from './present-people.ts';

interface Change {
  readonly up: boolean;
  readonly since: number;
  /** The count nearest to the published one while the change lasts: what has held all along. */
  count: number;
}

/**
 * How many people are in the cabin, debounced: a changed count is published once it has held for `holdSeconds`, so no
 * published count lasts shorter than that. `started` when the first enter, `updated` when the number changes, `ended`
 * when nobody is left; `evidence.count` holds the number. A doubtful picture never lowers the count.
 */
export function createOccupancy(options: InferenceOptions['occupancy']): Behaviour {
  const episode = createEpisode('occupancy');
  let count = 0;
  let change: Change | undefined;
  let doubtSince: number | undefined;

  function step(scene: Scene): BehaviourEvent[] {
    if (!scene.inferred) return [];
    doubtSince = scene.doubt ? (doubtSince ?? scene.ts) : undefined;
    if (episode.capped(scene.ts, options.capSeconds)) return [publish(scene, 0, scene.ts, 'cap')];
    const people = presentPeople(scene, options);
    const now = believable(scene, people.length);
    if (now === count) {
      change = undefined;
      return [];
    }
    const up = now > count;
    if (!change || change.up !== up) change = { up, since: scene.ts, count: now };
    change.count = up ? Math.min(change.count, now) : Math.max(change.count, now);
    if (scene.ts - change.since < options.holdSeconds * 1000) return [];
    return [publish(scene, change.count, change.since, 'seen')];
  }

  /** The count this look gives reason to believe in. */
  function believable(scene: Scene, seen: number): number {
    if (!scene.doubt) return seen;
    if (scene.doubt !== 'infrared') return count;
    // In infrared people are still found, only worse: more of them are real, and none for long does mean something.
    const doubted = scene.ts - (doubtSince ?? scene.ts);
    return seen > count || doubted > options.infraredSeconds * 1000 ? seen : count;
  }

  function publish(scene: Scene, next: number, changedAt: number, reason: string): BehaviourEvent {
    const people = presentPeople(scene, options);
    const trackIds = people.map((t) => t.trackId);
    const evidence = { count: next, previous: count, changedAt, trackIds, reason };
    const sureness = people.length > 0 ? people.reduce((sum, t) => sum + t.score, 0) / people.length : 1;
    const first = count === 0;
    count = next;
    change = undefined;
    if (next === 0) return episode.end(scene, evidence);
    return first
      ? episode.start(scene, changedAt, sureness, evidence)
      : episode.update(scene, sureness, evidence);
  }

  return createBehaviour('occupancy', step, () => ({ count, change, episode }));
}
