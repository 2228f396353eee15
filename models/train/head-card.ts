import type { ParsedManifest } from '../parse-manifest.ts';
import type { TrainOptions } from './options.ts';
import type { TrainedHead } from './train-head.ts';

export interface CountedPictures {
  /** Names of the folders, without their paths. */
  readonly folders: readonly string[];
  readonly pictures: number;
  readonly things: number;
}

export interface HeadCardFacts {
  readonly manifest: ParsedManifest;
  readonly label: string;
  readonly options: TrainOptions;
  readonly data: { readonly learnt: CountedPictures; readonly judged: CountedPictures };
  readonly trained: TrainedHead;
}

/** What must be known of a trained head, as Markdown: what it is, what it learnt from, what it finds. */
export function headCard({ manifest, label, options, data, trained }: HeadCardFacts): string {
  const { figures } = trained;
  const weights = trained.weights.layers.reduce((sum, l) => sum + l.weight.length + l.bias.length, 0);
  const settings = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  const rows = figures.at.map(
    ({ score, hits, inventions, falsePictures }) =>
      `| ${score} | ${hits} of ${figures.things} | ${inventions} | ${falsePictures} of ${figures.empty} |`,
  );
  return `# A head for "${label}"

${weights} weights on the frozen features of ${manifest.upstream.project} (${manifest.upstream.licence}, ${manifest.upstream.url}).

- Learnt from: ${told(data.learnt)}.
- Judged by: ${told(data.judged)}.
- Settings: ${settings.join(', ')}. Loss of the last epoch: ${trained.losses.at(-1)?.toFixed(3)}.

## On the pictures to judge by

Average precision ${figures.averagePrecision.toFixed(3)} at IoU 0.5, single pictures as they are.

| score | found | false finds | pictures without it that fire |
|---|---|---|---|
${rows.join('\n')}
`;
}

const told = ({ folders, pictures, things }: CountedPictures): string =>
  `${pictures} pictures with ${things} things (${folders.join(', ')})`;
