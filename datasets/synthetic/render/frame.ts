import { smooth } from '../math.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { PersonFrame, StageFrame } from '../stage/protocol.ts';
import type { PersonState, WorldState } from '../world.ts';

/** Time the hand or cloth takes to reach the lens, s. */
const COVER_TIME = 0.6;

/** Says to the stage what the world looks like at one moment. */
export function stageFrame(scenario: Scenario, state: WorldState, index: number, masks: boolean): StageFrame {
  const { fault, faultAge, faultLeft, light } = state.picture;
  const share = Math.min(smooth(0, COVER_TIME, faultAge), smooth(0, COVER_TIME, faultLeft));
  const covered = fault === 'covered' ? share : fault === 'partly-covered' ? share * 0.5 : 0;
  return {
    index,
    opening: state.car.opening,
    light,
    infrared: fault === 'infrared',
    covered,
    black: fault === 'black',
    clock: clockText(scenario, state.t),
    people: state.people.map((p) => personFrame(p, seenFromInside(scenario, state, p.posture.root[2]))),
    things: state.things.map((thing) => ({
      visible: seenFromInside(scenario, state, thing.position[2] - 0.9),
      position: thing.position,
      rotation: thing.rotation,
      rolled: thing.rolled,
    })),
    masks,
  };
}

/** Nobody in the lobby can be seen through a closed door, so they need not be drawn. */
function seenFromInside(scenario: Scenario, state: WorldState, z: number): boolean {
  return scenario.camera.mount === 'eye' || state.car.opening > 0 || z < scenario.cabin.depth / 2 + 0.1;
}

function personFrame(person: PersonState, visible: boolean): PersonFrame {
  const turns: number[] = [];
  if (visible) for (const [bone, q] of person.posture.turns) turns.push(bone, q[0], q[1], q[2], q[3]);
  return { visible, root: person.posture.root, turns, phone: person.performance.phone };
}

function clockText(scenario: Scenario, t: number): string {
  const { clock } = scenario.camera;
  if (!clock) return '';
  return new Date(Date.parse(`${clock}Z`) + Math.floor(t) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}
