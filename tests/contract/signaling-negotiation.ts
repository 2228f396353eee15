import { describe, expect, test } from 'vitest';
import type { Result, SCENES } from './signaling-negotiation-scenes.ts';

type Scenes = typeof SCENES;

/** What every WebRTC that calls run on must do with our negotiator. `play` runs a scene there. */
export function negotiationContract(
  name: string,
  play: <K extends keyof Scenes>(scene: K) => Promise<Awaited<ReturnType<Scenes[K]>>>,
): void {
  const expectSound = ({ states, errors }: Result): void => {
    expect(errors).toEqual([]);
    expect(states).toEqual(['connected', 'connected']);
  };

  describe(`on ${name} a negotiation`, () => {
    test('connects with one offer', async () => {
      const result = await play('connects');
      expectSound(result);
      expect(result.offers).toEqual([0, 1]);
    });

    test('settles glare: the polite side gives way', async () => {
      const result = await play('settlesGlare');
      expectSound(result);
      expect(result.offers[0]).toBeGreaterThanOrEqual(1);
      expect(result.transceivers[0]).toBe(result.transceivers[1]);
    });

    test('settles two ICE restarts at once, and both are new', async () => {
      const result = await play('settlesTwoRestarts');
      expectSound(result);
      for (const [side, ufrag] of result.ufrags.entries()) expect(ufrag).not.toBe(result.before[side]);
    });

    test('outlives a lost offer and a lost answer', async () => {
      expectSound(await play('outlivesLoss'));
    });

    test('takes candidates that overtake their offer', async () => {
      expectSound(await play('takesEarlyCandidates'));
    });
  });
}
