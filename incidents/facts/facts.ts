import type {
  BehaviourKind,
  CameraState,
  ControllerLink,
  Direction,
  DoorState,
  Heard,
  LiftMode,
} from '../../core/index.ts';
import { type JudgeInput, timeOf } from '../inputs.ts';
import type { IncidentOptions } from '../options.ts';
import { type CarMemory, nextCar, type Streak } from './car-memory.ts';
import type { DoorMove } from './door-memory.ts';
import {
  accrue,
  carryOn,
  countPeople,
  type PeopleFact,
  type PeopleMemory,
  peopleFact,
} from './people-memory.ts';
import { type Episode, noteBehaviour, noteCamera, type PictureMemory, SETTLE_MS } from './picture-memory.ts';
import { Horizon, type Span } from './span.ts';

/** All that a judge has kept of what it was told. Plain JSON. */
export interface FactMemory {
  /** The latest time in any input; never goes back. */
  readonly now: number;
  readonly car?: CarMemory | undefined;
  readonly people: PeopleMemory;
  readonly picture: PictureMemory;
  /** When the help button on the cabin's screen was last pressed. */
  readonly helpAt?: number | undefined;
}

/**
 * What is known of one lift at one moment, worked out once for all rules. A field that is undefined is not known to be
 * so; that is no proof of the contrary.
 */
export interface Facts {
  readonly horizon: Horizon;
  readonly people: PeopleFact;
  readonly car: CarFacts | undefined;
  readonly camera: { readonly state: CameraState; readonly since: number } | undefined;
  readonly episodes: Partial<Readonly<Record<BehaviourKind, Episode>>>;
  /** The picture can be trusted. */
  readonly clear: boolean;
  /** When the help button on the cabin's screen was last pressed. */
  readonly helpAt: number | undefined;
}

export interface CarFacts {
  readonly link: ControllerLink;
  readonly linkSince: number;
  readonly mode: LiftMode | undefined;
  readonly floor: number | undefined;
  readonly door: DoorState | undefined;
  readonly closed: Span | undefined;
  readonly open: Span | undefined;
  /** Anything but closed. */
  readonly unclosed: Span | undefined;
  readonly inZone: Span | undefined;
  readonly outsideZone: Span | undefined;
  readonly still: Span | undefined;
  readonly moving: Span | undefined;
  readonly speed: number | undefined;
  readonly load: number | undefined;
  readonly way: Exclude<Direction, 'none'> | undefined;
  readonly suddenStopAt: number | undefined;
  /** The fault codes that stand; undefined where none does or nothing is known. */
  readonly faults: (Span & { readonly codes: readonly string[] }) | undefined;
  readonly buttonAt: number | undefined;
  readonly buttonPressed: boolean;
  readonly moves: readonly { readonly at: number; readonly what: DoorMove }[];
  readonly tooFast: Streak | undefined;
  readonly slow: Span | undefined;
  readonly openRun: Streak | undefined;
}

export const NOTHING_KNOWN: FactMemory = Object.freeze({
  now: Number.MIN_SAFE_INTEGER,
  people: { seenMs: 0 },
  picture: { episodes: {} },
});

/** Takes an input in. One that is late or a repetition changes nothing but, at most, the time. */
export function learn(
  before: FactMemory,
  input: JudgeInput,
  options: IncidentOptions,
): { readonly memory: FactMemory; readonly facts: Facts } {
  const now = Math.max(before.now, timeOf(input));
  const memory = noted(
    { ...before, now, people: accrue(before.people, now, isUnclosed(before)) },
    input,
    options,
  );
  const facts = factsAt(memory, options);
  return { memory: { ...memory, people: carryOn(memory.people, facts.people) }, facts };
}

function noted(memory: FactMemory, input: JudgeInput, options: IncidentOptions): FactMemory {
  const { people, picture } = memory;
  switch (input.type) {
    case 'car':
      return { ...memory, car: nextCar(memory.car, input.state, options) };
    case 'camera':
      return { ...memory, picture: noteCamera(picture, input.health, input.ts) };
    case 'help':
      return { ...memory, helpAt: Math.max(memory.helpAt ?? input.ts, input.ts) };
    case 'behaviour': {
      const { event } = input;
      if (event.kind !== 'occupancy') return { ...memory, picture: noteBehaviour(picture, event) };
      return { ...memory, people: countPeople(people, event, options.facts.flickerSeconds) };
    }
    default:
      return memory;
  }
}

function isUnclosed({ car }: FactMemory): boolean {
  return car?.door.last !== undefined && car.door.last !== 'closed';
}

function factsAt(memory: FactMemory, options: IncidentOptions): Facts {
  const horizon = new Horizon(memory.now);
  const car = memory.car && carFacts(memory.car, memory.now, options);
  const { camera, episodes, doubtSince, doubtEndedAt } = memory.picture;
  const settled = doubtEndedAt !== undefined && horizon.reached(doubtEndedAt + SETTLE_MS);
  const doubt = settled ? undefined : doubtSince;
  const people = peopleFact(memory.people, {
    horizon,
    closed: car?.closed,
    doubtSince: doubt,
    heldSeconds: options.facts.heldSeconds,
    weighed: (car?.load ?? 0) >= options.facts.loadShare,
  });
  return { horizon, people, car, camera, episodes, clear: doubt === undefined, helpAt: memory.helpAt };
}

function carFacts(memory: CarMemory, now: number, options: IncidentOptions): CarFacts {
  const { state, motion, door } = memory;
  const trust = options.facts.trustSeconds * 1000;
  const spanOf = <T>(heard: Heard<T>, holds: (value: T) => boolean): Span | undefined => {
    if (heard.value === undefined || !holds(heard.value)) return undefined;
    return { since: Math.min(heard.since ?? now, now), until: (heard.heardAt ?? state.ts) + trust };
  };
  const motionSpan = (is: 'moving' | 'still'): Span | undefined =>
    motion?.is === is ? { since: motion.since, until: motion.heardAt + trust } : undefined;
  const unclosed = spanOf(state.door, (value) => value !== 'closed');
  const faults = spanOf(state.faults, (codes) => codes.length > 0);
  return {
    link: state.link,
    linkSince: Math.min(memory.linkSince, now),
    mode: state.mode.value,
    floor: state.floor.value,
    door: state.door.value,
    closed: spanOf(state.door, (value) => value === 'closed'),
    open: spanOf(state.door, (value) => value === 'open'),
    unclosed: unclosed && { ...unclosed, since: Math.min(door.unclosedSince ?? now, unclosed.since) },
    inZone: spanOf(state.doorZone, (value) => value),
    outsideZone: spanOf(state.doorZone, (value) => !value),
    still: motionSpan('still'),
    moving: motionSpan('moving'),
    speed: state.speed.value,
    load: state.load.value,
    way: memory.way,
    suddenStopAt: memory.suddenStopAt,
    faults: faults && { ...faults, codes: state.faults.value ?? [] },
    buttonAt: memory.buttonAt,
    buttonPressed: state.alarmButton.value === true,
    moves: door.moves,
    tooFast: memory.tooFast,
    slow:
      memory.slowSince === undefined
        ? undefined
        : { since: memory.slowSince, until: (state.speed.heardAt ?? state.ts) + trust },
    openRun: memory.openRun,
  };
}
