import { join } from 'node:path';
import { failed, ROOT, runQuietly } from './report.mjs';

/** Builds the ONNX files from the npm-delivered weights into .cache/models; built ones are only checked. */
export async function buildModels() {
  const cabinwatch = join(ROOT, 'bin', 'cabinwatch.js');
  const { code, output } = await runQuietly(
    'building the models',
    process.execPath,
    [cabinwatch, 'models', 'build'],
    { patienceMs: 2500 }, // when they are all there, it takes about a second to see that
  );
  if (code !== 0)
    throw failed('cabinwatch models build', output, 'Run it by hand with --verbose to see where.');
}
