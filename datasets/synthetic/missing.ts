import { CabinwatchError } from '../../core/index.ts';

/** What to say when a package or program that only the generator needs is not there. */
export function dependencyMissing(name: string, cause?: unknown): CabinwatchError {
  return new CabinwatchError(
    'DEPENDENCY_MISSING',
    `the generator of synthetic cabins needs ${name}, which the service does not: run "npm ci --prefix datasets/synthetic" once` +
      (name === 'chromium'
        ? ' and install Chromium (Debian: apt-get install chromium, or set CHROMIUM to its path)'
        : ''),
    { cause },
  );
}
