import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CabinwatchError } from '../../core/index.ts';
import {
  createRandom,
  drawPlain,
  drawVariant,
  type LabelledFile,
  readLabelledFolder,
} from '../../datasets/index.ts';
import { createFeatureReader, type FeatureReader } from '../../inference/index.ts';
import {
  assembleFeatures,
  HEAD_STRIDE,
  headCard,
  loadManifest,
  prepareNetwork,
  type SampleSet,
  type SampleSource,
  sha256,
  storeSamples,
  type TrainOptions,
  trainHead,
  trainOptions,
  verifiedSource,
} from '../../models/index.ts';
import type { ProgressLine } from '../progress-line.ts';

export interface TrainFlags extends Partial<TrainOptions> {
  readonly validation: readonly string[];
  readonly out: string;
  readonly model: string;
  readonly class: string;
  readonly work: string;
}

export interface TrainDeps {
  readonly progress: Pick<ProgressLine, 'update' | 'print'>;
  readonly signal: AbortSignal;
}

/** What cameras give, at the network's scale: 4:3, which takes 16:9 in with a border. */
const CANVAS = { width: 416, height: 320 };
const GRID = { rows: CANVAS.height / HEAD_STRIDE, columns: CANVAS.width / HEAD_STRIDE, stride: HEAD_STRIDE };

/** Pictures → the frozen network's features → a head, its card and what to do with them. */
export async function trainDetector(
  folders: readonly string[],
  flags: TrainFlags,
  deps: TrainDeps,
): Promise<{ readonly summary: string }> {
  if (flags.validation.length === 0) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      'Name pictures to judge by, from other cabins: --validation <folder>.',
    );
  }
  if (!flags.out.endsWith('.safetensors')) {
    throw new CabinwatchError('CONFIG_INVALID', `--out ${flags.out} must end in .safetensors.`);
  }
  const options = trainOptions(flags);
  const learnt = await readAll(folders, flags.class);
  const judged = await readAll(flags.validation, flags.class);
  refuseOverlap(learnt, judged);
  const entry = await loadManifest(flags.model);
  const { manifest } = entry;
  const graph = assembleFeatures(manifest, await prepareNetwork(entry, await verifiedSource(entry)));
  const reader = await createFeatureReader(graph);
  const store = createStore({ reader, network: sha256(graph), work: flags.work, deps });
  try {
    const copies = learnt.flatMap((file) =>
      Array.from({ length: options.variants }, (_, k) => ({ file, variant: k + 1, seed: options.seed })),
    );
    const training = await store('learning', copies);
    const validation = await store(
      'validation',
      judged.map((file) => ({ file, variant: 0, seed: 0 })),
    );
    const trained = await trainHead({
      options,
      label: flags.class,
      training,
      validation,
      signal: deps.signal,
      onEpoch: ({ epoch, epochs, loss }) =>
        deps.progress.print(`epoch ${epoch} of ${epochs}: loss ${loss.toFixed(3)}`),
    });
    const data = { learnt: counted(folders, learnt), judged: counted(flags.validation, judged) };
    const card = headCard({ manifest, label: flags.class, options, data, trained });
    const cardFile = flags.out.replace(/\.safetensors$/, '.md');
    await mkdir(path.dirname(path.resolve(flags.out)), { recursive: true });
    await writeFile(flags.out, trained.bytes);
    await writeFile(cardFile, card);
    return { summary: `${card}\nWritten: ${flags.out} (sha256 ${sha256(trained.bytes)}), ${cardFile}\n` };
  } finally {
    await reader.close();
  }
}

async function readAll(folders: readonly string[], label: string): Promise<LabelledFile[]> {
  return (await Promise.all(folders.map((folder) => readLabelledFolder(folder, label)))).flat();
}

/** A picture that is both learnt from and judged by makes every figure worthless. */
function refuseOverlap(learnt: readonly LabelledFile[], judged: readonly LabelledFile[]): void {
  const known = new Set(learnt.map(({ file }) => path.resolve(file)));
  const both = judged.find(({ file }) => known.has(path.resolve(file)));
  if (both) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `${both.file} is among the pictures to learn from and those to judge by; keep whole cabins apart.`,
    );
  }
}

const counted = (folders: readonly string[], files: readonly LabelledFile[]) => ({
  folders: folders.map((folder) => path.basename(folder)),
  pictures: files.length,
  things: files.reduce((sum, { boxes }) => sum + boxes.length, 0),
});

interface Copy {
  readonly file: LabelledFile;
  /** 0: the picture as it is. */
  readonly variant: number;
  readonly seed: number;
}

interface StoreSetup {
  readonly reader: FeatureReader;
  readonly network: string;
  readonly work: string;
  readonly deps: TrainDeps;
}

function createStore({ reader, network, work, deps }: StoreSetup) {
  let channels = 0;
  const sourceOf = ({ file, variant, seed }: Copy): SampleSource => ({
    key: JSON.stringify([network, CANVAS, path.resolve(file.file), file.boxes, variant, seed]),
    async make() {
      const random = createRandom(seed).fork(`${path.basename(file.file)} ${variant}`);
      const drawn = await (variant === 0 ? drawPlain(file, CANVAS) : drawVariant(file, CANVAS, random));
      const { data } = await reader.read(drawn);
      return { features: data, boxes: drawn.boxes, ignored: drawn.ignored };
    },
  });
  return async (what: string, copies: readonly Copy[]): Promise<SampleSet> => {
    const sources = copies.map(sourceOf);
    channels ||= (await sources[0]?.make())?.features.length ?? 0;
    return storeSamples(sources, {
      folder: work,
      grid: GRID,
      channels: channels / (GRID.rows * GRID.columns),
      signal: deps.signal,
      onProgress: ({ done, all }) => deps.progress.update(`features, ${what}: ${done} of ${all} pictures`),
    });
  };
}
