import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, failed, ROOT, runQuietly, SetupError, say } from './report.mjs';

/** What is needed from outside npm. On Debian and Ubuntu the packages are looked up, elsewhere the programs. */
const FFMPEG = { packages: ['ffmpeg'], programs: [['ffmpeg'], ['ffprobe']] };
/** Speaks the calming messages of the cabins' screens. Without it their browsers do. */
const SPEECH = { packages: ['espeak-ng'], programs: [['espeak-ng']], optional: true };
const TESTS = {
  packages: readList(join(ROOT, 'tests', 'fixtures', 'apt-packages.txt')),
  programs: [
    ['chromium', 'chromium-browser', 'google-chrome'],
    ['gst-launch-1.0'],
    ['python3'],
    ['psql'],
    ['redis-server'],
  ],
};

/** Installs what is missing with apt where that is possible, and otherwise names it in one message. */
export async function installSystemPrograms(purpose) {
  const needs = purpose === 'tests' ? [FFMPEG, SPEECH, TESTS] : [FFMPEG, SPEECH];
  if (!onPath('apt-get') || !onPath('dpkg-query')) return requirePrograms(needs);
  const missing = await missingPackages(needs);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `these Debian packages are missing; install them, then run this again:\n  sudo ${command}`,
    );
  }
  await aptInstall(missing);
}

function requirePrograms(needs) {
  const missing = needs
    .filter(({ optional }) => !optional)
    .flatMap((need) => need.programs)
    .filter((names) => !names.some(onPath));
  if (missing.length === 0) return;
  throw new SetupError(
    `these programs are missing: ${missing.map((names) => names[0]).join(', ')}. Install them with your package manager ` +
      `(macOS: brew install ffmpeg gstreamer python; Fedora: dnf install ffmpeg chromium gstreamer1-rtsp-server python3-gobject); ` +
      `on Debian the packages are called ${needs.flatMap((need) => need.packages).join(' ')}.`,
  );
}

async function missingPackages(needs) {
  const packages = needs.flatMap((need) => {
    // A hand-built ffmpeg is as good as Debian's.
    const present = need === FFMPEG && need.programs.every((names) => names.some(onPath));
    return present ? [] : need.packages;
  });
  if (packages.length === 0) return [];
  // dpkg-query fails when it knows one of the names only by hearsay, and still lists the others.
  const { output } = await capture('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\\n', ...packages]);
  const installed = new Set(
    output
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-y', '-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
  const install = () =>
    runQuietly(
      `installing with apt: ${packages.join(' ')}`,
      'apt-get',
      ['install', ...options, '--no-install-recommends', ...packages],
      { env },
    );
  const update = async () => {
    const { code, output } = await runQuietly(
      'reading the Debian package lists',
      'apt-get',
      ['update', ...options],
      { env },
    );
    if (code !== 0)
      throw failed(
        'apt-get update',
        output,
        'Mend /etc/apt/sources.list or the network, and run this again.',
      );
  };
  const fresh = !hasPackageLists();
  if (fresh) await update();
  let result = await install();
  if (result.code !== 0 && !fresh) {
    say('  that did not work; the package lists may be old');
    await update();
    result = await install();
  }
  if (result.code !== 0) {
    throw failed(
      'apt-get install',
      result.output,
      `Install these by hand and run this again: ${packages.join(' ')}.`,
    );
  }
}

function hasPackageLists() {
  const lists = '/var/lib/apt/lists';
  return existsSync(lists) && readdirSync(lists).some((name) => name.includes('_Packages'));
}

/** One name a line; `#` begins a comment. */
function readList(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
