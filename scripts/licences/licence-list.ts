import { knownModels, loadManifest } from '../../models/index.ts';
import { EXCEPTIONS, exceptionFor } from './judge-licence.ts';
import { type ShippedPackage, shippedPackages } from './shipped-packages.ts';

export interface ShippedWeights {
  readonly model: string;
  readonly project: string;
  readonly url: string;
  readonly licence: string;
  /** What delivered the weights. */
  readonly source: string;
}

export async function shippedWeights(): Promise<ShippedWeights[]> {
  const ids = await knownModels();
  return Promise.all(
    ids.map(async (id) => {
      const { upstream, source } = (await loadManifest(id)).manifest;
      const from = source.kind === 'tfjs-package' ? `${source.package} ${source.version} (npm)` : source.file;
      return {
        model: id,
        project: upstream.project,
        url: upstream.url,
        licence: upstream.licence,
        source: from,
      };
    }),
  );
}

/** The list of everything of others that ships, as Markdown. */
export async function licenceList(root: string): Promise<string> {
  const packages = shippedPackages(root);
  const weights = await shippedWeights();
  return `# Third-party licences

What ships with Cabinwatch and is not its own work. Generated from package-lock.json and the model manifests by
\`npm run generate\`; a test fails when it is not current, or when something without a permissive licence comes in.
Each npm package carries its licence text, and its NOTICE file if it has one, in its folder under node_modules/.

## Model weights

Built from these at set-up; the built files are under the weights' licence.

| model | project | licence | weights from |
|---|---|---|---|
${weights.map((w) => `| ${w.model} | [${w.project}](${w.url}) | ${w.licence} | ${w.source} |`).join('\n')}

## Programs

ffmpeg and ffprobe come from the operating system's distribution (Debian's build: GPL-2.0-or-later). They run as
separate programs and are not linked with anything here; the image installs Debian's package unchanged, whose
licence is in /usr/share/doc/ffmpeg/copyright.

## npm packages

${packages.length} packages, those of other platforms included.

${exceptionNotes()}

| package | version | licence |
|---|---|---|
${packages.map(row).join('\n')}
`;
}

function exceptionNotes(): string {
  const notes = EXCEPTIONS.map(({ licence, reason }) => `\\* ${licence}: ${reason}`);
  return notes.join('\n');
}

function row({ name, version, licence = 'not stated' }: ShippedPackage): string {
  return `| ${name} | ${version} | ${licence}${exceptionFor(name, licence) ? ' \\*' : ''} |`;
}
