import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ROOT, runQuietly, say } from './report.mjs';

/** Runs `npm ci` when node_modules is missing or is not what package-lock.json asks for. */
export async function installNpmPackages() {
  const { code, output } = await install(ROOT, '1 GB, half a minute to a few minutes');
  if (code !== 0) throw failed('npm ci', output, 'Mend what it says below and run the same command again.');
}

/**
 * What draws synthetic cabins, so that the tests can hold its truth against what is drawn. Without it they skip that and
 * say so, so a failure here is no failure of the set-up.
 */
export async function installGenerator() {
  const { code, output } = await install(join(ROOT, 'datasets', 'synthetic'), '320 MB, seconds to a minute');
  if (code !== 0)
    say(
      `the generator of synthetic cabins is not there; its tests skip themselves: ${output.trim().split('\n')[0]}`,
    );
}

async function install(folder, extent) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const present = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  if (present && matches(wanted, present)) return { code: 0, output: '' };
  const count = Object.keys(wanted).length;
  const title = `installing ${count} npm packages (about ${extent})`;
  return runQuietly(title, ...npm(['ci', '--loglevel=error', '--no-progress']), { cwd: folder });
}

/** The npm that runs us, if one does: its name alone is not always a program (Windows, version managers). */
function npm(args) {
  const cli = process.env.npm_execpath;
  return cli && /npm-cli\.[cm]?js$/.test(cli) ? [process.execPath, [cli, ...args]] : ['npm', args];
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** npm writes down in node_modules what it put there; optional packages are those of other platforms. */
function matches(wanted, present) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const there = present[path];
    if (there ? there.version !== entry.version : !entry.optional && !entry.devOptional) return false;
  }
  return Object.keys(present).every((path) => path in wanted);
}
