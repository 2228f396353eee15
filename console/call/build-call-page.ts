import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PLAIN = fileURLToPath(new URL('./plain/', import.meta.url));

/** Bundles the plain call page and the client library in it into `outDir`. */
export async function buildCallPage(options: { readonly outDir: string }): Promise<void> {
  await build({
    entryPoints: [join(PLAIN, 'main.js')],
    outdir: options.outDir,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  await cp(join(PLAIN, 'index.html'), join(options.outDir, 'index.html'));
}
