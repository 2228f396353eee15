import { type Static, Type } from 'typebox';
import { ACTION_NAMES } from '../motion/actions/index.ts';

const closed = { additionalProperties: false } as const;
const number = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Number({ default: value, minimum, maximum, description });
const choice = <const T extends readonly string[]>(value: NoInfer<T[number]>, all: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...all], { default: value, description }));
const colour = (value: string, description: string) =>
  Type.String({ default: value, pattern: '^#[0-9a-f]{6}$', description });
const seconds = (description: string) => Type.Number({ minimum: 0, maximum: 3600, description });
const point = Type.Tuple([Type.Number(), Type.Number()], {
  description: '[x, z], metres: x right, z towards the door, from the middle of the cabin floor',
});

export const WALL_MATERIALS = [
  'steel',
  'brushed',
  'paint',
  'scratched',
  'wood',
  'mirror',
  'glass',
  'laminate',
] as const;
export const OBJECT_KINDS = [
  'ebike-moped',
  'ebike-city',
  'ebike-covered',
  'scooter',
  'bicycle',
  'pram',
  'wheelchair',
  'suitcase',
  'trolley',
  'parcel',
  'battery',
] as const;
/** What a lift must not carry, as against what merely looks like it. */
export const EBIKE_KINDS: readonly string[] = ['ebike-moped', 'ebike-city', 'ebike-covered', 'scooter'];

export type WallMaterial = (typeof WALL_MATERIALS)[number];
export type ObjectKind = (typeof OBJECT_KINDS)[number];

export const CabinSchema = Type.Object(
  {
    width: number(1.6, 0.9, 3, 'Inner width, m.'),
    depth: number(1.7, 0.9, 3, 'Inner depth from the door sill to the back wall, m.'),
    height: number(2.4, 2, 3, 'Floor to ceiling, m.'),
    doorWidth: number(0.9, 0.6, 2, 'Clear width of the door, m.'),
    doorHeight: number(2.1, 1.9, 2.6, 'Clear height of the door, m.'),
    doorOffset: number(0, -0.8, 0.8, 'Middle of the door to the right of the middle of the cabin, m.'),
    doorType: choice(
      'centre',
      ['centre', 'left', 'right'],
      'Opens from the centre, or slides to one side in two panels.',
    ),
    walls: choice('steel', WALL_MATERIALS, 'Material of the side walls.'),
    back: Type.Optional(
      Type.Enum([...WALL_MATERIALS] as WallMaterial[], {
        description: 'Material of the back wall; default: as the side walls.',
      }),
    ),
    wallColour: colour('#b9b7b0', 'Base colour of the walls.'),
    doorMaterial: choice('brushed', WALL_MATERIALS, 'Material of the door panels and the front.'),
    doorColour: colour('#8d8a85', 'Base colour of the door.'),
    wear: number(0.35, 0, 1, 'Scratches, peeling, stains and dirt; 0 is new.'),
    floor: choice(
      'stone',
      ['stone', 'tiles', 'checker-plate', 'rubber', 'carpet', 'wood'],
      'Floor covering.',
    ),
    floorColour: colour('#a79f92', 'Base colour of the floor.'),
    light: choice('panel', ['panel', 'spots', 'tubes', 'strip'], 'Kind of ceiling light.'),
    brightness: number(1, 0.1, 3, 'Strength of the cabin light; higher overexposes the floor.'),
    warmth: number(0, -1, 1, 'Colour of the light: -1 bluish, 1 yellowish.'),
    deadLights: number(0, 0, 1, 'Share of the lamps that are dead.'),
    handrail: choice('side', ['none', 'side', 'back', 'both'], 'Where the handrail is.'),
    panel: choice('right', ['left', 'right'], 'Side of the button panel, seen from inside towards the door.'),
    posters: Type.Integer({
      default: 2,
      minimum: 0,
      maximum: 8,
      description: 'Posters and notices on the walls.',
    }),
    screen: Type.Boolean({ default: false, description: 'A lit advertising screen on a side wall.' }),
    mat: Type.Boolean({ default: false, description: 'A loose floor mat.' }),
  },
  { ...closed, default: {}, description: 'The cabin.' },
);

export const CameraSchema = Type.Object(
  {
    mount: choice(
      'back-left',
      ['back-left', 'back-right', 'front-left', 'front-right', 'back', 'centre', 'eye'],
      'Ceiling corner (seen from inside towards the door), middle of the back edge, middle of the ceiling, or a lobby camera at eye level.',
    ),
    height: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 3,
        description: 'Height of the lens, m; default just under the ceiling.',
      }),
    ),
    position: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number(), Type.Number()], {
        description: 'Exact lens position [x, y, z], m; overrides mount and height.',
      }),
    ),
    lookAt: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number(), Type.Number()], {
        description: 'Point in the middle of the picture, m; default: towards the door, knee height.',
      }),
    ),
    roll: number(0, -30, 30, 'Turn of the camera about its axis, degrees.'),
    hfov: number(100, 50, 170, 'Horizontal field of view, degrees.'),
    fisheye: number(
      0.45,
      0,
      1,
      'Lens: 0 is a pinhole (straight lines stay straight), 1 is an equidistant fisheye; radius = tan(k·angle)/k with k = 1 − fisheye.',
    ),
    infrared: Type.Boolean({
      default: false,
      description: 'Infrared lamp and greyscale picture all the time.',
    }),
    exposure: number(1.15, 0.2, 4, 'Brightness of the picture.'),
    contrast: number(1, 0.4, 1.6, 'Contrast about mid-grey.'),
    saturation: number(0.82, 0, 1.5, 'Colourfulness.'),
    tint: number(0, -1, 1, 'White balance error: -1 green and cool, 1 magenta and warm.'),
    softness: number(0.45, 0, 3, 'Blur of a cheap lens and its scaler, pixels.'),
    sharpen: number(0, 0, 2, 'Sharpening halo of the camera; costs rendering time.'),
    noise: number(0.012, 0, 0.2, 'Sensor noise, share of full scale; costs bit rate.'),
    vignette: number(0.18, 0, 1, 'Darkening of the corners.'),
    dirt: number(0, 0, 1, 'Dust and smears on the dome.'),
    quality: Type.Integer({
      default: 27,
      minimum: 10,
      maximum: 45,
      description: 'x264 CRF of the clip; higher is smaller and blockier.',
    }),
    overlay: Type.String({
      default: '',
      maxLength: 40,
      description: 'Camera name burnt into the picture; empty for none.',
    }),
    clock: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$',
        description: 'Local time burnt in at the first frame; no clock without it.',
      }),
    ),
  },
  { ...closed, default: {}, description: 'Camera, lens and picture.' },
);

export const PersonStepSchema = Type.Object(
  {
    at: seconds('When it starts, s from the start of the clip.'),
    do: Type.Enum(['walk', 'turn', ...ACTION_NAMES], { description: 'What the person does.' }),
    for: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 3600,
        description:
          'How long an action lasts, s; default to the end. A fall with a duration ends on the feet again.',
      }),
    ),
    to: Type.Optional(
      Type.Array(point, {
        minItems: 1,
        maxItems: 12,
        description: 'Corners of the way, the last one being the goal (walk only).',
      }),
    ),
    face: Type.Optional(
      Type.Number({
        minimum: -360,
        maximum: 360,
        description: 'Heading at the end, degrees: 0 to the door, 180 to the back, 90 to the right.',
      }),
    ),
    speed: Type.Optional(
      Type.Number({ minimum: 0.1, maximum: 3, description: 'Walking speed, m/s; default 0.95.' }),
    ),
    backward: Type.Optional(Type.Boolean({ description: 'Walk with the back first.' })),
    keepFacing: Type.Optional(Type.Boolean({ description: 'Keep the heading `face` all the way.' })),
    side: Type.Optional(Type.Enum(['left', 'right'], { description: 'Hand or side; default right.' })),
  },
  closed,
);

export const LookSchema = Type.Object(
  {
    sex: Type.Optional(Type.Enum(['female', 'male'])),
    age: Type.Optional(Type.Enum(['child', 'young', 'middle', 'old'])),
    ethnicity: Type.Optional(
      Type.Enum(['asian', 'caucasian', 'african'], { description: 'Shape and skin of the body.' }),
    ),
    height: Type.Optional(Type.Number({ minimum: 0.9, maximum: 2.05, description: 'Standing height, m.' })),
    build: Type.Optional(Type.Enum(['slim', 'average', 'heavy'])),
    outfit: Type.Optional(Type.String({ description: 'Garment by its name in the wardrobe.' })),
    hair: Type.Optional(Type.String({ description: 'Hair by its name in the wardrobe, or none.' })),
    top: Type.Optional(Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'Colour above the waist.' })),
    bottom: Type.Optional(Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'Colour below the waist.' })),
    hairColour: Type.Optional(Type.String({ pattern: '^#[0-9a-f]{6}$' })),
    hat: Type.Optional(Type.Enum(['none', 'helmet', 'cap', 'hard-hat', 'fedora'])),
    bag: Type.Optional(Type.Enum(['none', 'backpack', 'shoulder', 'carrier'])),
    umbrella: Type.Optional(Type.Boolean({ description: 'Carries a folded umbrella.' })),
    pattern: Type.Optional(
      Type.Enum(['plain', 'stripes', 'checks', 'print'], { description: 'Pattern of what is worn on top.' }),
    ),
  },
  { ...closed, default: {}, description: 'What is left out is drawn from the seed.' },
);

export const PersonSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$', description: 'Name within the scenario.' }),
    look: LookSchema,
    start: Type.Object({ x: Type.Number(), z: Type.Number(), face: Type.Number({ default: 180 }) }, closed),
    steps: Type.Array(PersonStepSchema, { default: [], description: 'What the person does, in order.' }),
  },
  closed,
);

export const ObjectSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
    kind: Type.Enum([...OBJECT_KINDS] as ObjectKind[]),
    colour: Type.Optional(Type.String({ pattern: '^#[0-9a-f]{6}$' })),
    start: Type.Optional(
      Type.Object(
        { x: Type.Number(), z: Type.Number(), face: Type.Number({ default: 0 }) },
        {
          ...closed,
          description: 'Where it stands until someone takes it; left out when it is held from the start.',
        },
      ),
    ),
    held: Type.Array(
      Type.Object(
        {
          by: Type.String({ description: 'Person id.' }),
          from: seconds('When it is taken, s.'),
          until: Type.Optional(seconds('When it is let go and stays where it is, s.')),
        },
        closed,
      ),
      {
        default: [],
        description:
          'Who pushes, pulls or carries it, and when. Bikes go beside the person, prams before, suitcases behind, parcels in the arms.',
      },
    ),
  },
  closed,
);

export const CarStepSchema = Type.Object(
  {
    at: seconds('When it happens, s.'),
    do: Type.Enum(['open', 'close', 'travel', 'stall', 'resume', 'fault', 'clear-fault', 'alarm', 'mode'], {
      description:
        'Door commands; travel to a floor; stop between floors; go on; controller fault on and off; alarm button pressed for 3 s; change of mode.',
    }),
    to: Type.Optional(Type.Integer({ minimum: -9, maximum: 99, description: 'Floor (travel).' })),
    share: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description:
          'How far the door gets before it stops or turns back (open, close); default all the way.',
      }),
    ),
    code: Type.Optional(Type.String({ maxLength: 24, description: 'Fault code (fault, clear-fault).' })),
    mode: Type.Optional(Type.Enum(['normal', 'inspection', 'fire', 'parked'])),
  },
  closed,
);

export const CarSchema = Type.Object(
  {
    floor: Type.Integer({ default: 1, description: 'Floor at the start.' }),
    door: choice('closed', ['open', 'closed'], 'Door at the start.'),
    doorTime: number(1.8, 0.5, 6, 'Time the door takes to open or close, s.'),
    speed: number(1.75, 0.3, 6, 'Rated speed, m/s.'),
    storey: number(3, 2, 6, 'Height of a storey, m.'),
    steps: Type.Array(CarStepSchema, { default: [] }),
  },
  { ...closed, default: {}, description: 'The lift itself.' },
);

const spell = {
  from: seconds('Start, s.'),
  until: Type.Optional(seconds('End, s; default the end of the clip.')),
};

export const ScenarioSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
    description: Type.String({ default: '' }),
    seed: Type.Integer({
      default: 1,
      minimum: 0,
      description: 'Draws all that the scenario leaves open: looks, textures, noise.',
    }),
    duration: Type.Number({ minimum: 0.1, maximum: 3600, description: 'Length, s.' }),
    fps: Type.Integer({ default: 12, minimum: 1, maximum: 30 }),
    width: Type.Integer({
      default: 640,
      minimum: 160,
      maximum: 1920,
      multipleOf: 2,
      description: 'Picture width, pixels.',
    }),
    height: Type.Integer({
      default: 360,
      minimum: 120,
      maximum: 1080,
      multipleOf: 2,
      description: 'Picture height, pixels.',
    }),
    cabin: CabinSchema,
    camera: CameraSchema,
    car: CarSchema,
    people: Type.Array(PersonSchema, { default: [], maxItems: 16 }),
    objects: Type.Array(ObjectSchema, { default: [], maxItems: 12 }),
    lights: Type.Array(
      Type.Object({ ...spell, state: Type.Enum(['off', 'emergency', 'flicker', 'dim']) }, closed),
      { default: [], description: 'Spells without normal light.' },
    ),
    pictures: Type.Array(
      Type.Object(
        {
          ...spell,
          fault: Type.Enum(['covered', 'partly-covered', 'frozen', 'infrared', 'black'], {
            description: 'What happens to the picture.',
          }),
        },
        closed,
      ),
      { default: [], description: 'Spells in which the camera fails or changes.' },
    ),
    controller: Type.Object(
      {
        period: number(1, 0.1, 30, 'Longest time between two messages, s.'),
        dropped: number(0, 0, 1, 'Share of messages lost.'),
        duplicated: number(0, 0, 1, 'Share of messages sent twice.'),
        reordered: number(0, 0, 1, 'Share of messages that change places with the next.'),
        late: number(0, 0, 10, 'Longest delay between an event and the arrival of its message, s.'),
      },
      { ...closed, default: {}, description: 'Quality of the controller link.' },
    ),
  },
  closed,
);

export type Scenario = Static<typeof ScenarioSchema>;
export type Cabin = Static<typeof CabinSchema>;
export type Camera = Static<typeof CameraSchema>;
export type PersonSpec = Static<typeof PersonSchema>;
export type Look = Static<typeof LookSchema>;
export type ObjectSpec = Static<typeof ObjectSchema>;
export type CarSpec = Static<typeof CarSchema>;
