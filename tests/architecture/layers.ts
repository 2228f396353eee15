/** The modules and their ranks: imports go to lower ranks only, and never sideways. */
export const RANKS: Readonly<Record<string, number>> = Object.freeze({
  core: 0,
  streams: 1,
  models: 1,
  controllers: 1,
  signaling: 1,
  storage: 1,
  incidents: 1,
  inference: 2,
  api: 3,
  config: 4,
  app: 5,
  cli: 6,
});

interface Narrowed {
  readonly from: readonly string[];
  readonly typesOnly?: boolean;
}

/** Modules that may import less than their rank allows, and those that stand beside the ranks. */
const NARROWED: Readonly<Record<string, Narrowed>> = Object.freeze({
  inference: { from: ['core', 'models'] },
  datasets: { from: ['core', 'models'] },
  simulator: { from: ['core'] },
  console: { from: ['api', 'signaling'], typesOnly: true },
});

/** Composition may also reach for what stands beside the ranks. */
const COMPOSERS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  app: ['console', 'datasets', 'simulator'],
  cli: ['datasets', 'simulator'],
});

/** Folders with a front (`index.ts`) through which the others come in. */
export const MODULES: readonly string[] = Object.freeze([
  ...Object.keys(RANKS),
  'console',
  'datasets',
  'simulator',
]);

/** No module imports these; they may import every front, and the tests may import them. */
export const TOOLS: readonly string[] = Object.freeze(['bench', 'scripts', 'tests']);

/** A test file may also use what the tests share and the simulators. */
const FOR_TESTS: readonly string[] = ['tests', 'simulator'];

export const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.startsWith('tests/');

/** Undefined when `file` may import from folder `to`; otherwise the reason why not. */
export function layerBreach(file: string, to: string, typeOnly: boolean): string | undefined {
  const from = file.split('/')[0] ?? '';
  if (from === to || (isTest(file) && FOR_TESTS.includes(to))) return undefined;
  if (from === 'tests' && TOOLS.includes(to)) return undefined;
  if (TOOLS.includes(from)) {
    return MODULES.includes(to) ? undefined : `nothing may import ${to}/`;
  }
  const narrowed = NARROWED[from];
  if (narrowed) {
    if (!narrowed.from.includes(to)) return `${from}/ may import only ${narrowed.from.join(' and ')}`;
    return narrowed.typesOnly && !typeOnly ? `${from}/ may import only types from ${to}/` : undefined;
  }
  if (COMPOSERS[from]?.includes(to)) return undefined;
  const rank = RANKS[from];
  const target = RANKS[to];
  if (rank === undefined) return `${from}/ is no module with a rank`;
  if (target === undefined) return `${from}/ may not import ${to}/`;
  if (target === rank) return `${from}/ and ${to}/ have the same rank and may meet only through core/`;
  return target < rank ? undefined : `${from}/ (rank ${rank}) may not import ${to}/ (rank ${target})`;
}
