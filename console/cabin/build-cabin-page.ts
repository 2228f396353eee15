import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { CalmingScript } from '../../signaling/index.ts';

const PAGE = fileURLToPath(new URL('./page/', import.meta.url));
const STATIC = ['index.html', 'styles.css'];

export interface CabinPageOptions {
  /** The folder that is served at `/`: the page's own goes into `cabin-page/` there. */
  readonly rootDir: string;
  readonly script: CalmingScript;
  /** Default true. */
  readonly minify?: boolean;
}

/** Bundles the page of the cabins. Each file is whole at any moment. */
export async function buildCabinPage({ rootDir, script, minify = true }: CabinPageOptions): Promise<void> {
  const outDir = join(rootDir, 'cabin-page');
  const { outputFiles } = await build({
    entryPoints: { main: join(PAGE, 'main.ts'), worker: join(PAGE, 'worker.ts') },
    outdir: outDir,
    write: false,
    bundle: true,
    format: 'esm',
    // Android's WebView is renewed with its system, which in a lift may be years old.
    target: 'es2022',
    minify,
    logLevel: 'silent',
  });
  await mkdir(outDir, { recursive: true });
  await Promise.all([
    ...outputFiles.map(({ path, contents }) =>
      // A worker may only have what is below its own address: the cabins are at /cabin/, so it is served at /.
      put(basename(path) === 'worker.js' ? join(rootDir, 'cabin-worker.js') : path, contents),
    ),
    ...STATIC.map(async (name) => put(join(outDir, name), await readFile(join(PAGE, name)))),
    putCalmingScript({ rootDir, script }),
  ]);
}

/** What screens say from the next time on that they load their page. */
export async function putCalmingScript({
  rootDir,
  script,
}: Pick<CabinPageOptions, 'rootDir' | 'script'>): Promise<void> {
  await put(join(rootDir, 'cabin-page', 'calming.json'), JSON.stringify(script));
}

async function put(path: string, contents: Uint8Array | string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, path);
}
