import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ROOT, runQuietly } from './report.mjs';

/** Runs `npm ci` when node_modules is missing or is not what package-lock.json asks for. */
export async function installNpmPackages() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  const present = readPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  if (present && matches(wanted, present)) return;
  const count = Object.keys(wanted).length;
  const { code, output } = await runQuietly(
    `installing ${count} npm packages (about 1 GB, half a minute to a few minutes)`,
    ...npm(['ci', '--loglevel=error', '--no-progress']),
  );
  if (code !== 0) throw failed('npm ci', output, 'Mend what it says below and run the same command again.');
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
