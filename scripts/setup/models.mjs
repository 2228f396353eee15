import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ROOT, runQuietly } from './report.mjs';

const BUILT = join(ROOT, '.cache', 'models');
const STAMP = join(ROOT, '.cache', 'models-set-up');

/** Builds the ONNX files from the npm-delivered weights into .cache/models. */
export async function buildModels() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint()) return;
  const cabinwatch = join(ROOT, 'bin', 'cabinwatch.js');
  const build = [cabinwatch, 'models', 'build'];
  const { code, output } = await runQuietly('building the models', process.execPath, build);
  if (code !== 0)
    throw failed('cabinwatch models build', output, 'Run it by hand with --verbose to see where.');
  writeFileSync(STAMP, fingerprint());
}

/** Changes with anything that could ask for a build: the weights' package, the builder, the built files. */
function fingerprint() {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  for (const file of filesBelow(join(ROOT, 'models'))) hash.update(file).update(readFileSync(file));
  for (const file of filesBelow(BUILT)) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return files.sort();
}
