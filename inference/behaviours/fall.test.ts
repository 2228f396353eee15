import { describe, expect, it } from 'vitest';
import type { BehaviourEvent, Scene } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { between, bodyTrack, STANCES, type Stance, sceneOf } from '../posture/scripted-body.ts';
import { createFall } from './fall.ts';

const FPS = 5;

interface Act {
  readonly to: Stance;
  readonly seconds: number;
}

/** Plays stances one after the other at 5 pictures a second. */
function play(
  acts: readonly Act[],
  change: (scene: Scene, index: number) => Scene = (s) => s,
): BehaviourEvent[] {
  const fall = createFall(inferenceOptions().fall);
  const events: BehaviourEvent[] = [];
  let from: Stance = STANCES.standing;
  let index = 0;
  for (const { to, seconds } of acts) {
    const looks = Math.round(seconds * FPS);
    for (let k = 1; k <= looks; k++) {
      const ts = (index * 1000) / FPS;
      const scene = sceneOf(ts, [bodyTrack(1, ts, between(from, to, k / looks))]);
      events.push(...fall.push(change(scene, index)));
      index++;
    }
    from = to;
  }
  return events;
}

const stay = (at: Stance, seconds: number): Act => ({ to: at, seconds });
const STAND = stay(STANCES.standing, 2);
const FALL = [STAND, stay(STANCES.lying, 0.8)];

describe('fall', () => {
  it('starts within 1.5 s of a fall from standing, dated at its onset', () => {
    const events = play([...FALL, stay(STANCES.lying, 4)]);
    expect(events.map((e) => e.phase)).toEqual(['started']);
    expect(events[0]!.ts).toBeLessThanOrEqual(2000 + 1500);
    expect(events[0]!.startedAt).toBeGreaterThanOrEqual(1600);
    expect(events[0]!.startedAt).toBeLessThanOrEqual(2400);
  });

  it.each([
    [
      'bending over',
      [STAND, stay(STANCES.bending, 0.8), stay(STANCES.bending, 3), stay(STANCES.standing, 1)],
    ],
    ['crouching', [STAND, stay(STANCES.crouching, 0.8), stay(STANCES.crouching, 5)]],
    ['tying shoes', [STAND, stay(STANCES.tyingShoes, 0.8), stay(STANCES.tyingShoes, 5)]],
    ['sitting down on the floor', [STAND, stay(STANCES.sittingOnFloor, 1), stay(STANCES.sittingOnFloor, 5)]],
    [
      'lying down slowly',
      [
        STAND,
        stay(STANCES.crouching, 2),
        stay(STANCES.sittingOnFloor, 2.5),
        stay(STANCES.sittingOnFloor, 3),
        stay(STANCES.lying, 3),
        stay(STANCES.lying, 5),
      ],
    ],
    ['dropping and being up at once', [...FALL, stay(STANCES.standing, 0.4), STAND]],
  ])('says nothing of %s', (_, acts) => {
    expect(play(acts)).toEqual([]);
  });

  it('ends when the person is up again', () => {
    const events = play([
      ...FALL,
      stay(STANCES.lying, 5),
      stay(STANCES.standing, 2),
      stay(STANCES.standing, 3),
    ]);
    expect(events.map((e) => e.phase)).toEqual(['started', 'ended']);
  });

  it('ends when the person is gone', () => {
    const events = play([...FALL, stay(STANCES.lying, 20)], (scene, i) =>
      i > 30 ? { ...scene, people: [] } : scene,
    );
    expect(events.map((e) => e.phase)).toEqual(['started', 'ended']);
  });

  it('survives a change of the track id during the fall', () => {
    const events = play([...FALL, stay(STANCES.lying, 4)], (scene, i) => ({
      ...scene,
      people: scene.people.map((p) => ({ ...p, trackId: i < 12 ? 1 : 2 })),
    }));
    expect(events.map((e) => e.phase)).toEqual(['started']);
  });

  it('reports one person lying for long once', () => {
    const events = play([...FALL, stay(STANCES.lying, 60)]);
    expect(events).toHaveLength(1);
  });

  // Under a camera in the corner the feet leave the picture first; pose models then guess hips at its lower edge.
  const cutAtFeet =
    (hips: number) =>
    (scene: Scene): Scene => ({
      ...scene,
      people: scene.people.map((person) => ({
        ...person,
        box: { ...person.box, y2: Math.max(person.box.y2, 1) },
        keypoints: (person.keypoints ?? []).map((joint, i) => ({
          ...joint,
          score: i < 11 ? joint.score : i < 13 ? hips : 0,
        })),
      })),
    });

  it('says nothing of somebody who sinks out of the picture, as far as their hips are guessed', () => {
    const acts = [...FALL, stay(STANCES.lying, 4)];
    expect(play(acts, cutAtFeet(0.3))).toEqual([]);
    expect(play(acts, cutAtFeet(0.6)).map((e) => e.phase)).toEqual(['started']);
  });

  it('concludes nothing from a picture that cannot be trusted', () => {
    expect(play([...FALL, stay(STANCES.lying, 4)], (scene) => ({ ...scene, doubt: 'blocked' }))).toEqual([]);
  });
});
