import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PAGE = fileURLToPath(new URL('./page/', import.meta.url));
const ENTRIES = ['main.ts', 'sign-in.ts', 'guest.ts'];
const STATIC = ['index.html', 'sign-in.html', 'guest.html', 'icon.svg'];

export interface ConsoleBuildOptions {
  /** Where the page's files are written. */
  readonly outDir: string;
  /** Default true: about half the size. */
  readonly minify?: boolean;
}

/**
 * Bundles the watch page, player included, the sign-in page and that of guests' links, for evergreen browsers; takes about a fifth of a second. Each file is whole
 * at any moment, so that another process may serve the same folder meanwhile.
 */
export async function buildConsole(options: ConsoleBuildOptions): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ENTRIES.map((name) => join(PAGE, name)),
    outdir: options.outDir,
    write: false,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: options.minify ?? true,
    sourcemap: 'linked',
    // The player's licence asks for its notice; esbuild collects all of them beside the bundle.
    legalComments: 'linked',
    logLevel: 'silent',
  });
  await mkdir(options.outDir, { recursive: true });
  await Promise.all([
    ...outputFiles.map(({ path, contents }) => put(join(options.outDir, basename(path)), contents)),
    ...STATIC.map(async (name) => put(join(options.outDir, name), await readFile(join(PAGE, name)))),
  ]);
}

async function put(path: string, contents: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, path);
}
