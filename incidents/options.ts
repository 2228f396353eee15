import { type Static, type TNumber, type TObject, type TProperties, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError } from '../core/index.ts';

function number(fallback: number, minimum: number, maximum: number, description: string): TNumber {
  return Type.Number({ default: fallback, minimum, maximum, description });
}

const count = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description });

function group<P extends TProperties>(properties: P): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, default: {} });
}

/** How long a kind's incidents live when nobody sees to them. */
function life(overSeconds: number, reopenSeconds: number, capSeconds: number) {
  return {
    overSeconds: number(
      overSeconds,
      0,
      600,
      'How long, s, it must be seen to be over. Higher: steadier, relieved later.',
    ),
    reopenSeconds: number(
      reopenSeconds,
      0,
      86_400,
      'How long, s, after its end the same incident is opened again instead of a new one. Higher: fewer incidents for one recurring situation.',
    ),
    capSeconds: number(
      capSeconds,
      60,
      2_592_000,
      'Longest, s, that an incident may stand open since it was last raised, or since it was relieved. Lower: stuck ones are closed sooner.',
    ),
  };
}

const LEAD = 'How long, s, ';

export const FactOptions = group({
  trustSeconds: number(
    6,
    0,
    600,
    "How long, s, what the controller said counts beyond the moment it said it. Set it a little above the controller's reporting period. Higher: durations grow on over gaps.",
  ),
  movingSpeed: number(
    0.1,
    0.01,
    1,
    'Speed, m/s, from which the car moves. Higher: creeping counts as still.',
  ),
  runSeconds: number(2, 0, 60, 'How long, s, the car must run to count as running normally.'),
  openSeconds: number(
    10,
    0,
    600,
    'How long, s, the door must stand open at a floor for people who are still inside to be free to leave.',
  ),
  heldSeconds: number(
    120,
    0,
    3600,
    'How long, s, people whom a good picture no longer shows still count behind a door that has stayed closed. Higher: those who crouch out of sight are kept longer, and so are ghosts.',
  ),
  emptySeconds: number(
    30,
    1,
    3600,
    'How long, s, the car must be seen to be empty for nobody to be trapped in it where no open door explains it. Higher: surer and later.',
  ),
  flickerSeconds: number(
    8,
    0,
    120,
    'A changed count that is what it was again within this time, s, was no coming and going.',
  ),
  loadShare: number(
    0.06,
    0.01,
    1,
    'Share of the rated load from which somebody is inside when the picture cannot tell. Higher: children are missed. Lower: drifting scales count.',
  ),
  failedOpeningSeconds: number(
    3,
    0,
    30,
    'A door that closes again within this time, s, has failed to open. Higher: quick closings count as failures.',
  ),
});

export const EntrapmentOptions = group({
  betweenSuspectSeconds: number(
    12,
    1,
    600,
    `${LEAD}a car with people must stand outside the door zone to be suspected.`,
  ),
  betweenConfirmSeconds: number(
    15,
    1,
    3600,
    `${LEAD}it must stand there to be confirmed. Lower: short stops that the lift mends itself are confirmed.`,
  ),
  floorSuspectSeconds: number(
    45,
    1,
    3600,
    `${LEAD}a car with people must stand at a floor with its door closed to be suspected.`,
  ),
  floorConfirmSeconds: number(
    80,
    1,
    3600,
    `${LEAD}it must stand there to be confirmed. Lower: people who forget to press a button are taken for trapped.`,
  ),
  failedOpenings: count(
    2,
    1,
    20,
    'Failed openings in one stop that are suspicious; one more confirms them. Higher: later and surer.',
  ),
  buttonSuspectSeconds: number(
    3,
    0,
    60,
    `${LEAD}after the alarm button was pressed in a closed, standing car it is suspected.`,
  ),
  buttonConfirmSeconds: number(15, 1, 600, `${LEAD}such a car must stand on to be confirmed.`),
  buttonMemorySeconds: number(120, 0, 3600, `${LEAD}a press of the alarm button counts.`),
  faultSuspectSeconds: number(
    5,
    0,
    600,
    `${LEAD}a car with people must stand with a new fault, its door not open, to be suspected.`,
  ),
  faultConfirmSeconds: number(20, 1, 3600, `${LEAD}it must stand so to be confirmed.`),
  faultLeadSeconds: number(
    30,
    0,
    600,
    'A fault that began longer, s, before the car came to stand is an old one and proves nothing.',
  ),
  pictureSeconds: number(
    300,
    60,
    7200,
    `${LEAD}people must be seen inside without any coming or going to be suspected while no controller speaks. It is never confirmed so. Lower: long waits in a parked car are reported.`,
  ),
  unknownSeconds: number(
    60,
    10,
    7200,
    `${LEAD}a car must stand outside the door zone to be suspected while nobody knows whether anyone is inside. It is never confirmed so.`,
  ),
  ...life(0, 300, 86_400),
});

export const DoorOptions = group({
  blockedSuspectSeconds: number(
    60,
    5,
    3600,
    `${LEAD}a door must stand open with people in the car to be suspected of being blocked.`,
  ),
  blockedConfirmSeconds: number(90, 5, 3600, `${LEAD}it must stand so to be confirmed.`),
  blockedPresentSeconds: number(10, 0, 600, `${LEAD}somebody must have been seen inside for that.`),
  reversals: count(
    2,
    1,
    50,
    'Times that the door turned back in one stop that are suspicious; one more confirms. Higher: later and surer.',
  ),
  reversalSeconds: number(20, 0, 600, `${LEAD}the door must have been open for turning back to count.`),
  cycles: count(3, 2, 50, 'Full cycles of the door in one stop that are too many. Higher: later and surer.'),
  cycleWindowSeconds: number(
    30,
    5,
    600,
    'The time, s, within which they must fall. Higher: people who hold the lift for each other are reported.',
  ),
  longOpenSeconds: number(120, 10, 7200, `${LEAD}a door may stand open, whoever is inside.`),
  ...life(5, 60, 3600),
});

export const MotionOptions = group({
  ratedSpeed: number(
    2.5,
    0.1,
    20,
    "The lift's rated speed, m/s. Give each lift its own: faster lifts are reported at every trip, slower ones too late.",
  ),
  overspeedShare: number(1.15, 1, 3, 'Multiple of the rated speed that is too fast.'),
  overspeedSamples: count(
    3,
    1,
    50,
    'Readings in a row above it that confirm; one less is suspicious. Higher: later and surer.',
  ),
  slowSeconds: number(15, 0, 600, `${LEAD}the speed must be ordinary again for it to be over.`),
  openSpeed: number(
    0.5,
    0.1,
    5,
    'Speed, m/s, above which a car with an open door is dangerous. Levelling with an opening door is slower.',
  ),
  openSamples: count(2, 1, 50, 'Readings in a row that confirm it; the first is suspicious.'),
  topFloor: Type.Optional(
    Type.Integer({
      description:
        'The highest landing, as the controller counts. Without it running past the top is known only by fault code.',
    }),
  ),
  bottomFloor: Type.Optional(
    Type.Integer({
      description: 'The lowest landing. Without it running past the bottom is known only by fault code.',
    }),
  ),
  overtravelSeconds: number(
    3,
    0,
    600,
    `${LEAD}the car must stand outside the door zone of its last landing to be suspected of having run past it.`,
  ),
  ...life(2, 120, 7200),
});

export const PictureOptions = group({
  fallConfirmSeconds: number(
    5,
    0,
    600,
    `${LEAD}somebody fallen must stay down for it to be confirmed. Lower: people who get up at once are confirmed.`,
  ),
  ...life(2, 30, 14_400),
});

export const EbikeEntryOptions = group(life(0, 10, 3600));
export const CrowdingOptions = group(life(0, 60, 3600));

export const WatchOptions = group({
  cameraSuspectSeconds: number(
    10,
    0,
    3600,
    `${LEAD}a camera must be away to be suspected. Lower: a camera that starts slowly, or a line that breaks off for a moment, is reported.`,
  ),
  cameraConfirmSeconds: number(30, 0, 3600, `${LEAD}a camera must be away for it to be confirmed.`),
  controllerSuspectSeconds: number(
    60,
    5,
    86_400,
    `${LEAD}a controller must be silent to be suspected of being away. Lower: ordinary gaps are reported.`,
  ),
  controllerConfirmSeconds: number(180, 5, 86_400, `${LEAD}it must be silent for it to be confirmed.`),
  ...life(5, 300, 604_800),
});

/** All thresholds by which one lift's incidents are judged. Every lift may override any of them. */
export const IncidentOptions = Type.Object(
  {
    faultTables: Type.Array(Type.String({ minLength: 1 }), {
      default: ['generic'],
      description:
        'Tables that read the cause from fault codes and events, in order: names of those that come with the service, or paths of YAML files. Earlier ones win.',
    }),
    updateSeconds: number(
      10,
      1,
      3600,
      'Least time, s, between two changes of the same incident that only tell more. Higher: fewer messages.',
    ),
    facts: FactOptions,
    entrapment: EntrapmentOptions,
    ebikeEntry: EbikeEntryOptions,
    person: PictureOptions,
    crowding: CrowdingOptions,
    door: DoorOptions,
    motion: MotionOptions,
    watch: WatchOptions,
  },
  { additionalProperties: false, default: {} },
);
export type IncidentOptions = Static<typeof IncidentOptions>;

type Partly<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> }
    : T;
export type IncidentOptionsInput = Partly<IncidentOptions>;

/** Fills in the defaults and checks. Throws CONFIG_INVALID with every wrong key, what was expected and what was found. */
export function incidentOptions(input: IncidentOptionsInput = {}): IncidentOptions {
  const value = Value.Default(IncidentOptions, structuredClone(input));
  const errors = [...Value.Errors(IncidentOptions, value)];
  if (errors.length > 0) {
    const lines = errors.map((e) => `incidents${e.instancePath.replaceAll('/', '.')} ${e.message}`);
    throw new CabinwatchError('CONFIG_INVALID', lines.join('; '));
  }
  return value as IncidentOptions;
}
