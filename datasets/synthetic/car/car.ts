import { clamp } from '../math.ts';
import type { CarSpec, Scenario } from '../scenario/schema.ts';

export type DoorState = 'open' | 'opening' | 'closing' | 'closed';

/** The lift at one moment, as its controller knows it. */
export interface CarState {
  readonly door: DoorState;
  /** How far the door is open, 0–1. */
  readonly opening: number;
  readonly doorZone: boolean;
  readonly floor: number;
  readonly direction: 'up' | 'down' | 'none';
  /** m/s, not negative. */
  readonly speed: number;
  readonly mode: 'normal' | 'inspection' | 'fire' | 'parked';
  readonly faults: readonly string[];
  readonly alarmButton: boolean;
}

const ACCELERATION = 0.9;
/** The car counts as at a floor within this distance of its level, m. */
const DOOR_ZONE = 0.2;
const ALARM_PRESS = 3;

/** Runs the lift through the scenario's steps; one state every `dt` s, `steps + 1` in all. */
export function runCar(scenario: Pick<Scenario, 'car'>, steps: number, dt: number): CarState[] {
  const spec: CarSpec = scenario.car;
  const queue = [...spec.steps].sort((a, b) => a.at - b.at);
  let opening = spec.door === 'open' ? 1 : 0;
  let wanted = opening;
  let height = spec.floor * spec.storey;
  let goal = height;
  let speed = 0;
  let stalled = false;
  let mode: CarState['mode'] = 'normal';
  let alarmUntil = -1;
  const faults = new Set<string>();
  const out: CarState[] = [];
  for (let i = 0; i <= steps; i++) {
    const t = i * dt;
    while (queue[0] && queue[0].at <= t) {
      const step = queue.shift() as CarSpec['steps'][number];
      if (step.do === 'open') wanted = step.share ?? 1;
      else if (step.do === 'close') wanted = 1 - (step.share ?? 1);
      else if (step.do === 'travel') goal = (step.to ?? spec.floor) * spec.storey;
      else if (step.do === 'stall') stalled = true;
      else if (step.do === 'resume') stalled = false;
      else if (step.do === 'fault') faults.add(step.code ?? 'fault');
      else if (step.do === 'clear-fault') step.code ? faults.delete(step.code) : faults.clear();
      else if (step.do === 'alarm') alarmUntil = t + ALARM_PRESS;
      else mode = step.mode ?? mode;
    }
    const before = opening;
    opening = clamp(wanted, opening - dt / spec.doorTime, opening + dt / spec.doorTime);
    const gap = goal - height;
    // A lift never drives with an open door, and brakes so as to stop level.
    const cap =
      stalled || opening > 0 ? 0 : Math.min(spec.speed, Math.sqrt(2 * ACCELERATION * Math.abs(gap)));
    speed = stalled ? Math.max(0, speed - 3 * dt) : clamp(cap, 0, speed + ACCELERATION * dt);
    height += Math.sign(gap) * Math.min(Math.abs(gap), speed * dt);
    if (Math.abs(goal - height) < 1e-3) {
      height = goal;
      speed = 0;
    }
    const nearest = Math.round(height / spec.storey);
    const door: DoorState =
      opening > before ? 'opening' : opening < before ? 'closing' : opening > 0 ? 'open' : 'closed';
    out.push({
      door,
      opening,
      doorZone: Math.abs(height - nearest * spec.storey) <= DOOR_ZONE,
      floor: nearest,
      direction: speed > 0 ? (gap > 0 ? 'up' : 'down') : 'none',
      speed,
      mode,
      faults: [...faults],
      alarmButton: t < alarmUntil,
    });
  }
  return out;
}
