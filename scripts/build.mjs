// `npm run build`: compiles the sources to dist/ and puts beside them what they read at run time. Only the Docker
// image needs this; a checkout runs its TypeScript as it is.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

/** What is not compiled but read: manifests, the example's head, the page that is bundled at start, the demo's clips. */
const ASSETS = [
  'models/manifests',
  'config/example-head.yaml',
  'console/page',
  'console/cabin',
  'console/call',
  'signaling/calming/messages',
  'datasets/synthetic/clips',
  'incidents/faults/generic.yaml',
  'incidents/faults/example-serial.yaml',
  'incidents/faults/example-numbered.yaml',
];

rmSync(DIST, { recursive: true, force: true });
const tsc = join(ROOT, 'node_modules', 'typescript', binary('typescript'));
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
for (const asset of ASSETS) {
  cpSync(join(ROOT, asset), join(DIST, asset), {
    recursive: true,
    filter: (from) => !/\.test\.ts$|^README/.test(basename(from)),
  });
}
console.log(`built ${DIST}`);

function binary(name) {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
  return bin.tsc;
}
