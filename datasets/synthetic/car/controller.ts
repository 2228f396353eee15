import type { Random } from '../random.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { CarState } from './car.ts';

/** One line of the controller file; `t` is seconds from the start of the clip. */
export interface ControllerMessage {
  readonly t: number;
  readonly door: CarState['door'];
  readonly doorZone: boolean;
  readonly floor: number;
  readonly direction: CarState['direction'];
  readonly speed: number;
  readonly mode: CarState['mode'];
  readonly faults: readonly string[];
  readonly alarmButton: boolean;
  /** When it arrives, where the link is late, s. */
  readonly received?: number;
}

/** A message at every change, and at least every `period`; then what a bad link does to them. */
export function controllerMessages(
  states: readonly CarState[],
  dt: number,
  link: Scenario['controller'],
  random: Random,
): ControllerMessage[] {
  const sent: ControllerMessage[] = [];
  let lastAt = -Infinity;
  let lastKey = '';
  let lastSpeed = 0;
  states.forEach((state, i) => {
    const t = i * dt;
    const { opening: _, speed, ...rest } = state;
    const key = JSON.stringify(rest);
    const due = t - lastAt >= link.period - 1e-9;
    if (!due && key === lastKey && Math.abs(speed - lastSpeed) < 0.25 && speed > 0 === lastSpeed > 0) return;
    lastAt = t;
    lastKey = key;
    lastSpeed = speed;
    sent.push({ t: round(t), ...rest, speed: round(speed) });
  });
  return spoil(sent, link, random);
}

function spoil(
  sent: readonly ControllerMessage[],
  link: Scenario['controller'],
  random: Random,
): ControllerMessage[] {
  const out: ControllerMessage[] = [];
  for (const message of sent) {
    if (random.chance(link.dropped)) continue;
    const late =
      link.late > 0 ? { ...message, received: round(message.t + random.between(0, link.late)) } : message;
    out.push(late);
    if (random.chance(link.duplicated)) out.push(late);
  }
  for (let i = 0; i + 1 < out.length; i++) {
    if (!random.chance(link.reordered)) continue;
    [out[i], out[i + 1]] = [out[i + 1] as ControllerMessage, out[i] as ControllerMessage];
    i++;
  }
  return out;
}

const round = (v: number): number => Math.round(v * 1000) / 1000;
