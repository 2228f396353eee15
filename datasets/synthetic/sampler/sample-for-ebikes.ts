import { EBIKE_KINDS, type Scenario } from '../scenario/schema.ts';
import { sampleScenario } from './sample.ts';

type Kind = 'ebike' | 'look-alike' | 'neither';

/** Of ten cabins: five hold an e-bike, three what may be taken for one, two neither. */
const TEN: readonly Kind[] = [
  ...Array<Kind>(5).fill('ebike'),
  ...Array<Kind>(3).fill('look-alike'),
  ...Array<Kind>(2).fill('neither'),
];
/** So many draws are made for a cabin of the wanted kind; one in four holds an e-bike. */
const CANDIDATES = 400;

/**
 * One random moment for training on e-bikes: an ordinary random cabin, but drawn until it is of the wanted kind, so that
 * e-bikes and what resembles them (bicycles, prams, wheelchairs, trolleys, cases) are often there. The same seed, index
 * and attempt give the same scenario.
 */
export function sampleForEbikes(seed: number, index: number, attempt = 0): Scenario {
  const wanted = TEN[index % TEN.length];
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    const scenario = sampleScenario(seed, index, attempt * CANDIDATES + candidate);
    if (kindOf(scenario) === wanted) return scenario;
  }
  throw new RangeError(`No random cabin ${index} of seed ${seed} is of the kind "${wanted}".`);
}

function kindOf({ objects, pictures }: Scenario): Kind | undefined {
  // A covered lens shows nothing to learn from.
  if (pictures.length > 0) return undefined;
  if (objects.some(({ kind }) => EBIKE_KINDS.includes(kind))) return 'ebike';
  return objects.length > 0 ? 'look-alike' : 'neither';
}
