import type { Behaviour, BehaviourEvent, Scene } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createBehaviour, createEpisode } from './episode.ts';
import { presentPeople } from './present-people.ts';

interface Look {
  readonly ts: number;
  readonly crowded: boolean;
}

/**
 * More people than `moreThan` in most looks of the last `windowSeconds`; ends when most looks of the last `releaseSeconds` show
 * fewer. People hide behind each other for a look at a time, so looks need not agree in a row.
 */
export function createCrowding(
  options: InferenceOptions['crowding'],
  presence: InferenceOptions['occupancy'],
): Behaviour {
  const episode = createEpisode('crowding');
  const longest = Math.max(options.windowSeconds, options.releaseSeconds);
  let looks: Look[] = [];
  let waitForEnd = false;

  function step(scene: Scene): BehaviourEvent[] {
    if (!scene.inferred) return [];
    const people = presentPeople(scene, presence);
    const open = episode.startedAt !== undefined;
    if (open && episode.capped(scene.ts, options.capSeconds)) {
      waitForEnd = true;
      return [episode.end(scene, { count: people.length, reason: 'cap' })];
    }
    // A covered lens hides a crowd but does not dissolve it.
    if (open && scene.doubt) return [];
    const crowded = people.length > options.moreThan;
    looks.push({ ts: scene.ts, crowded });
    looks = recent(longest);
    waitForEnd &&= !dissolved();
    if (open) {
      return !crowded && dissolved() ? [episode.end(scene, { count: people.length, reason: 'seen' })] : [];
    }
    const since = crowded && !waitForEnd ? gathered() : undefined;
    if (since === undefined) return [];
    // What was before the crowd says nothing about its end.
    looks = looks.filter((look) => look.ts >= since);
    const trackIds = people.map((t) => t.trackId);
    const sureness = people.reduce((sum, t) => sum + t.score, 0) / people.length;
    const evidence = { count: people.length, moreThan: options.moreThan, trackIds };
    return [episode.start(scene, since, sureness, evidence)];
  }

  /** When the crowd came together, ms; undefined while the looks do not speak for one. */
  const gathered = (): number | undefined => mostSay(true, recent(options.windowSeconds));

  const dissolved = (): boolean => mostSay(false, recent(options.releaseSeconds)) !== undefined;

  /** The looks of the last seconds, and never fewer than must agree, however slowly they come. */
  function recent(seconds: number): Look[] {
    const from = (looks.at(-1)?.ts ?? 0) - seconds * 1000;
    return looks.filter((look, i) => look.ts >= from || i >= looks.length - options.looks);
  }

  /** Since when, ms, enough looks have said so; undefined when too few do, or over too short a time. */
  function mostSay(crowded: boolean, within: readonly Look[]): number | undefined {
    const saying = within.filter((look) => look.crowded === crowded);
    const [first] = saying;
    if (!first || saying.length < Math.max(options.looks, options.share * within.length)) return undefined;
    const span = (saying.at(-1)?.ts ?? first.ts) - first.ts;
    return span >= options.holdSeconds * 1000 ? first.ts : undefined;
  }

  return createBehaviour('crowding', step, () => ({ looks, waitForEnd, episode }));
}
