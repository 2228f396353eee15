import type { Behaviour, BehaviourEvent, Scene } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createBehaviour, createEpisode } from './episode.ts';

/**
 * The camera repeats one picture: sensors are noisy, so pictures that equal each other byte for byte over many
 * seconds are not taken any more. The picture judge decides; what people do in such a picture is unknown.
 */
export function createCameraFrozen(options: InferenceOptions['cameraFrozen']): Behaviour {
  const episode = createEpisode('camera-frozen');
  let waitForEnd = false;

  function step(scene: Scene): BehaviourEvent[] {
    const frozen = scene.doubt === 'frozen';
    if (!frozen) waitForEnd = false;
    if (episode.startedAt === undefined) {
      if (!frozen || waitForEnd) return [];
      const began = scene.ts - options.afterSeconds * 1000;
      return [episode.start(scene, began, 0.9, { repeatedSeconds: options.afterSeconds })];
    }
    waitForEnd = frozen && episode.capped(scene.ts, options.capSeconds);
    return frozen && !waitForEnd ? [] : [episode.end(scene, { reason: frozen ? 'cap' : 'seen' })];
  }

  return createBehaviour('camera-frozen', step, () => ({ waitForEnd, episode }));
}
