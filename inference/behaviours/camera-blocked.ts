import type { Behaviour, BehaviourEvent, Scene } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createBehaviour, createEpisode } from './episode.ts';

type Cause = 'covered' | 'dark';

/**
 * The lens is covered or sprayed (`evidence.cause` `covered`), or the picture has been too dark for long (`dark`,
 * with `certain` false: as likely the light is off as the lens is covered).
 */
export function createCameraBlocked(options: InferenceOptions['cameraBlocked']): Behaviour {
  const episode = createEpisode('camera-blocked');
  let bad: { cause: Cause; since: number } | undefined;
  let goodSince: number | undefined;
  let waitForEnd = false;

  function step(scene: Scene): BehaviourEvent[] {
    const cause = causeOf(scene);
    goodSince = cause ? undefined : (goodSince ?? scene.ts);
    const recovered = goodSince !== undefined && scene.ts - goodSince >= options.recoverSeconds * 1000;
    if (recovered) waitForEnd = false;
    if (episode.startedAt !== undefined) return close(scene, recovered);
    if (!cause) {
      bad = undefined;
      return [];
    }
    if (bad?.cause !== cause) bad = { cause, since: scene.ts };
    const hold = cause === 'dark' ? options.darkSeconds : options.holdSeconds;
    if (waitForEnd || scene.ts - bad.since < hold * 1000) return [];
    const { luma, contrast, detail } = scene.picture;
    const certain = cause === 'covered';
    const evidence = { cause, certain, luma, contrast, detail, seconds: (scene.ts - bad.since) / 1000 };
    return [episode.start(scene, bad.since, certain ? 0.9 : 0.4, evidence)];
  }

  function close(scene: Scene, recovered: boolean): BehaviourEvent[] {
    const capped = episode.capped(scene.ts, options.capSeconds);
    if (!recovered && !capped) return [];
    waitForEnd = !recovered;
    bad = undefined;
    return [episode.end(scene, { reason: recovered ? 'seen' : 'cap' })];
  }

  return createBehaviour('camera-blocked', step, () => ({ bad, goodSince, waitForEnd, episode }));
}

function causeOf(scene: Scene): Cause | undefined {
  if (scene.doubt === 'blocked') return 'covered';
  return scene.doubt === 'dark' ? 'dark' : undefined;
}
