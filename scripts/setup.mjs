// Makes a fresh checkout ready: `node scripts/setup.mjs --for tests|demo`. It needs nothing but Node, says what it
// installs, and does nothing when everything is there. This file keeps to old syntax, so that an old Node can
// still read it and say that it is too old.

const MINIMUM_NODE = [20, 19];

async function main(argv) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    console.error(
      `setup: this is Node ${process.versions.node}; Cabinwatch needs ${MINIMUM_NODE.join('.')} or newer. ` +
        'Install a current LTS from https://nodejs.org/ or with your package manager.',
    );
    return 1;
  }
  const purpose = argv[argv.indexOf('--for') + 1];
  if (!argv.includes('--for') || !['tests', 'demo'].includes(purpose)) {
    console.error('usage: node scripts/setup.mjs --for tests|demo');
    return 2;
  }
  const { SetupError } = await import('./setup/report.mjs');
  const { installSystemPrograms } = await import('./setup/system-programs.mjs');
  const { installGenerator, installNpmPackages } = await import('./setup/npm-packages.mjs');
  const { buildModels } = await import('./setup/models.mjs');
  try {
    await installSystemPrograms(purpose);
    await installNpmPackages();
    if (purpose === 'tests') await installGenerator();
    await buildModels();
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`setup: ${error.message}`);
    return 1;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
