import type { Random } from '../random.ts';
import type { Look } from '../scenario/schema.ts';
import type { BodySpec } from './bake.ts';

/**
 * What people can wear: only assets that MakeHuman's own authors made (Manuel Bastioni, Jonas Hauquier, Thomas
 * Larsson), which upstream has put under CC0 1.0; see DATA-CARD.md.
 */
export const OUTFITS = {
  female: ['female_casualsuit01', 'female_casualsuit02', 'female_elegantsuit01', 'female_sportsuit01'],
  male: [
    'male_casualsuit01',
    'male_casualsuit02',
    'male_casualsuit03',
    'male_casualsuit04',
    'male_casualsuit05',
    'male_casualsuit06',
    'male_elegantsuit01',
    'male_worksuit01',
  ],
} as const;
export const HAIR = {
  female: ['long01', 'bob01', 'bob02', 'ponytail01', 'Braid01', 'short04'],
  male: ['short01', 'short02', 'short03', 'short04', 'none'],
} as const;
const SHOES = ['shoes01', 'shoes02', 'shoes03', 'shoes04', 'shoes05', 'shoes06'] as const;

const TOPS = [
  '#1d2433',
  '#2d3a55',
  '#7d2f33',
  '#c9c4b8',
  '#e4e2dc',
  '#4a5a48',
  '#8a8d92',
  '#202020',
  '#b9653a',
  '#6b7fa3',
  '#d7b7a6',
  '#3f6f78',
  '#caa23c',
  '#5b3f5f',
  '#94a58c',
  '#f0ece4',
] as const;
const BOTTOMS = [
  '#1b1d22',
  '#2b3550',
  '#3c4a68',
  '#55524d',
  '#7c7467',
  '#20242c',
  '#a39a86',
  '#404045',
] as const;
const HAIR_COLOURS = ['#16120f', '#1d1713', '#2a1d14', '#120f0e', '#33241a', '#26201c'] as const;

export interface FullLook {
  readonly body: BodySpec;
  readonly top: string;
  readonly bottom: string;
  readonly hairColour: string;
  readonly hat: NonNullable<Look['hat']>;
  readonly bag: NonNullable<Look['bag']>;
  readonly umbrella: boolean;
  readonly pattern: NonNullable<Look['pattern']>;
}

/** Fills in what a look leaves open. */
export function dress(look: Look, random: Random): FullLook {
  const sex = look.sex ?? random.pick(['female', 'male'] as const);
  const age =
    look.age ??
    random.weighted([
      ['young', 5],
      ['middle', 4],
      ['old', 2],
      ['child', 1],
    ] as const);
  const ethnicity =
    look.ethnicity ??
    random.weighted([
      ['asian', 8],
      ['caucasian', 1],
      ['african', 1],
    ] as const);
  const build =
    look.build ??
    random.weighted([
      ['average', 5],
      ['slim', 2],
      ['heavy', 2],
    ] as const);
  const usual =
    age === 'child'
      ? random.between(1.1, 1.42)
      : (sex === 'female' ? random.between(1.52, 1.7) : random.between(1.64, 1.84)) -
        (age === 'old' ? 0.04 : 0);
  const outfit = look.outfit ?? random.pick(OUTFITS[sex]);
  const hair = look.hair ?? random.pick(HAIR[sex]);
  const hat = look.hat ?? 'none';
  const wears: BodySpec['wears'][number][] = [
    { kind: 'eyes', proxy: 'eyes/Low-Poly', texture: 'proxies/eyes/Low-Poly/textures/brown_eye.png' },
    { kind: 'brows', proxy: 'eyebrows/eyebrow001' },
    { kind: 'clothes', proxy: `clothes/${outfit}` },
    { kind: 'shoes', proxy: `clothes/${random.pick(SHOES)}` },
  ];
  // Hair would poke through a helmet.
  if (hair !== 'none' && hat !== 'helmet' && hat !== 'hard-hat')
    wears.push({ kind: 'hair', proxy: `hair/${hair}` });
  if (hat === 'fedora') wears.push({ kind: 'hat', proxy: 'clothes/fedora' });
  const grey = age === 'old' && random.chance(0.7);
  return {
    body: {
      sex,
      age,
      ethnicity,
      build,
      height: look.height ?? usual,
      wears,
      skin: skinTexture(sex, age, ethnicity),
    },
    top: look.top ?? random.pick(TOPS),
    bottom: look.bottom ?? random.pick(BOTTOMS),
    hairColour:
      look.hairColour ?? (grey ? random.pick(['#5f5c58', '#74716c', '#46433f']) : random.pick(HAIR_COLOURS)),
    hat,
    bag: look.bag ?? 'none',
    umbrella: look.umbrella ?? false,
    pattern:
      look.pattern ??
      random.weighted([
        ['plain', 6],
        ['stripes', 1],
        ['checks', 1.2],
        ['print', sex === 'female' ? 2.4 : 0.6],
      ] as const),
  };
}

function skinTexture(sex: 'female' | 'male', age: BodySpec['age'], ethnicity: BodySpec['ethnicity']): string {
  const years = age === 'child' ? 'young' : age === 'middle' ? 'middleage' : age;
  const shade = ethnicity === 'african' ? 'darkskinned' : 'lightskinned';
  const variant = ethnicity === 'asian' ? (years === 'young' ? '3' : '2') : '';
  return `skins/${years}_${ethnicity}_${sex}/textures/${years}_${shade}_${sex}_diffuse${variant}.png`;
}
