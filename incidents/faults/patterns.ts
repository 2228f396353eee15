import type { Facts } from '../facts/facts.ts';
import { both } from '../facts/span.ts';

/** What the timeline looks like, apart from any code. To add one: its name and its test here, then rows in a table. */
export const PATTERNS = Object.freeze({
  /** The door was not closed while the car ran. */
  'door-open-while-moving': ({ car }) => car?.openRun !== undefined,
  /** It turned back while closing, twice or more in this stop. */
  'door-turns-back': ({ car }) => movesOf(car, 'reversal') >= 2,
  /** It closed again at once, or never got open. */
  'door-fails-to-open': ({ car }) => movesOf(car, 'failed-opening') >= 1,
  /** Full cycles without leaving. */
  'door-cycles': ({ car }) => movesOf(car, 'cycle') >= 3,
  overspeed: ({ car }) => car?.tooFast !== undefined,
  /** From full speed to a stand within three seconds, in this stop. */
  'stopped-suddenly': ({ car }) =>
    car?.suddenStopAt !== undefined && car.still !== undefined && car.suddenStopAt >= car.still.since,
  'between-floors-door-closed': ({ car }) =>
    both(car?.still, both(car?.outsideZone, car?.closed)) !== undefined,
  'at-floor-door-closed': ({ car }) =>
    car?.outsideZone === undefined && both(car?.still, car?.closed) !== undefined,
  /** Pressed, and nothing else is wrong that is known of. */
  'alarm-button-only': ({ car }) =>
    car?.buttonPressed === true &&
    car.faults === undefined &&
    car.outsideZone === undefined &&
    car.moves.length === 0,
  /** The controller fell silent, and the picture is dark or gone with it. */
  'power-lost': ({ car, clear }) => car?.link === 'silent' && !clear,
  'light-out': ({ episodes }) =>
    episodes['camera-blocked']?.open === true && episodes['camera-blocked'].evidence.certain === false,
  'controller-silent': ({ car }) => car?.link === 'silent',
  overloaded: ({ car }) => (car?.load ?? 0) > 1.1,
  'in-inspection': ({ car }) => car?.mode === 'inspection',
  'in-fire-mode': ({ car }) => car?.mode === 'fire',
} satisfies Record<string, (facts: Facts) => boolean>);

export type Pattern = keyof typeof PATTERNS;

function movesOf(car: Facts['car'], what: 'reversal' | 'failed-opening' | 'cycle'): number {
  return car?.moves.filter((move) => move.what === what).length ?? 0;
}
