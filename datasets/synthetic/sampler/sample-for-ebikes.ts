import { EBIKE_KINDS, type Scenario } from '../scenario/schema.ts';
import { sampleScenario } from './sample.ts';

type Kind = 'ebike' | 'bicycle' | 'wheeled' | 'look-alike' | 'neither';

/** Of ten cabins: five hold an e-bike, three what may be taken for one, two neither. */
const TEN: readonly Kind[] = [
  ...Array<Kind>(5).fill('ebike'),
  ...Array<Kind>(3).fill('look-alike'),
  ...Array<Kind>(2).fill('neither'),
];
/** Of ten cabins: six hold a bicycle, three a pram or a wheelchair, one an e-bike. */
const TEN_LOOK_ALIKES: readonly Kind[] = [
  ...Array<Kind>(6).fill('bicycle'),
  ...Array<Kind>(3).fill('wheeled'),
  'ebike',
];
/** So many draws are made for a cabin of the wanted kind; one in four holds an e-bike. */
const CANDIDATES = 400;

/**
 * One random moment for training on e-bikes: an ordinary random cabin, but drawn until it is of the wanted kind, so that
 * e-bikes and what resembles them (bicycles, prams, wheelchairs, trolleys, cases) are often there. The same seed, index
 * and attempt give the same scenario.
 */
export function sampleForEbikes(seed: number, index: number, attempt = 0): Scenario {
  return sampleOfKind(TEN[index % TEN.length] as Kind, seed, index, attempt);
}

/** One random moment with what is hardest to tell from an e-bike, from above even for people. */
export function sampleLookAlikes(seed: number, index: number, attempt = 0): Scenario {
  return sampleOfKind(TEN_LOOK_ALIKES[index % TEN_LOOK_ALIKES.length] as Kind, seed, index, attempt);
}

function sampleOfKind(wanted: Kind, seed: number, index: number, attempt: number): Scenario {
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    const scenario = sampleScenario(seed, index, attempt * CANDIDATES + candidate);
    if (isOfKind(scenario, wanted)) return scenario;
  }
  throw new RangeError(`No random cabin ${index} of seed ${seed} is of the kind "${wanted}".`);
}

function isOfKind({ objects, pictures }: Scenario, wanted: Kind): boolean {
  // A covered lens shows nothing to learn from.
  if (pictures.length > 0) return false;
  const has = (...kinds: readonly string[]): boolean => objects.some(({ kind }) => kinds.includes(kind));
  if (has(...EBIKE_KINDS)) return wanted === 'ebike';
  if (wanted === 'bicycle') return has('bicycle');
  if (wanted === 'wheeled') return has('pram', 'wheelchair');
  return wanted === (objects.length > 0 ? 'look-alike' : 'neither');
}
