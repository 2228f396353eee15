import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { checkScenario } from '../scenario/load.ts';
import { runCar } from './car.ts';
import { controllerMessages } from './controller.ts';

const DT = 1 / 60;
function run(car: object, controller: object = {}) {
  const scenario = checkScenario({ name: 'car', duration: 40, car, controller });
  const states = runCar(scenario, 40 / DT, DT);
  return { states, messages: controllerMessages(states, DT, scenario.controller, createRandom(3)) };
}
const RIDE = {
  floor: 1,
  steps: [
    { at: 1, do: 'open' },
    { at: 6, do: 'close' },
    { at: 9, do: 'travel', to: 5 },
    { at: 25, do: 'open' },
  ],
};

describe('runCar', () => {
  it('opens, closes, rides to the floor and stops level', () => {
    const { states } = run(RIDE);
    expect(states[0]).toMatchObject({ door: 'closed', floor: 1, speed: 0, doorZone: true });
    expect(states[Math.round(2 / DT)]?.door).toBe('opening');
    expect(states[Math.round(4 / DT)]).toMatchObject({ door: 'open', opening: 1 });
    expect(states[Math.round(12 / DT)]).toMatchObject({ door: 'closed', direction: 'up', doorZone: false });
    expect(states[Math.round(24 / DT)]).toMatchObject({
      floor: 5,
      speed: 0,
      doorZone: true,
      direction: 'none',
    });
  });

  it('never drives with a door that is not shut', () => {
    const { states } = run({ ...RIDE, steps: [...RIDE.steps, { at: 10.5, do: 'open' }] });
    for (const s of states) if (s.opening > 0) expect(s.speed).toBe(0);
  });

  it('stops between floors and goes on', () => {
    const { states } = run({
      ...RIDE,
      steps: [
        ...RIDE.steps.slice(0, 3),
        { at: 12, do: 'stall' },
        { at: 12.5, do: 'fault', code: 'x' },
        { at: 20, do: 'resume' },
        { at: 20, do: 'clear-fault' },
      ],
    });
    expect(states[Math.round(15 / DT)]).toMatchObject({ speed: 0, doorZone: false, faults: ['x'] });
    expect(states[Math.round(38 / DT)]).toMatchObject({ floor: 5, speed: 0, faults: [] });
  });
});

describe('controllerMessages', () => {
  it('speaks at every change and at least once a second', () => {
    const { states, messages } = run(RIDE);
    messages.forEach((m, i) => {
      if (i > 0) expect(m.t - (messages[i - 1]?.t ?? 0)).toBeLessThanOrEqual(1.001);
    });
    const change = states.findIndex((s) => s.door === 'opening') * DT;
    expect(messages.find((m) => m.door === 'opening')?.t).toBeCloseTo(change, 3);
  });

  it('spoils the link as asked, the same way each time', () => {
    const bad = { dropped: 0.2, duplicated: 0.2, reordered: 0.2, late: 2 };
    const [clean, one, two] = [run(RIDE).messages, run(RIDE, bad).messages, run(RIDE, bad).messages];
    expect(one).toEqual(two);
    expect(one.length).not.toBe(clean.length);
    expect(one.some((m, i) => m.t < (one[i - 1]?.t ?? 0))).toBe(true);
    expect(one.every((m) => (m.received ?? 0) >= m.t)).toBe(true);
  });
});
