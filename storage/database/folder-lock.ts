import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CabinwatchError } from '../../core/index.ts';

/** Keeps a second process out of a data folder. Node offers no lock that the system would lift by itself. */
export interface FolderLock {
  release(): void;
}

/**
 * @param remedy what whoever is kept out can do
 * @throws CabinwatchError CONFLICT while another process that still lives holds the folder
 */
export function lockFolder(folder: string, remedy: string): FolderLock {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'in-use-by');
  const own = `${process.pid} ${startOf(process.pid) ?? ''}`;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, own);
  try {
    // A link is made whole or not at all, and never over one that is there.
    while (!tryLink(draft, path)) removeStale(path, folder, remedy);
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release() {
      if (read(path) === own) rmSync(path, { force: true });
    },
  };
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeStale(path: string, folder: string, remedy: string): void {
  const holder = read(path);
  if (holder === undefined) return;
  const [pid = '', start = ''] = holder.split(' ');
  if (startOf(Number(pid)) === start && start !== '') {
    throw new CabinwatchError(
      'CONFLICT',
      `The data folder ${resolve(folder)} is in use by process ${pid}, and only one may use it at a time. ${remedy}`,
    );
  }
  // Moved away first: whoever else comes to the same verdict must not remove the lock that is made next.
  const stale = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, stale);
  } catch {
    return;
  }
  if (read(stale) !== holder) tryLink(stale, path);
  rmSync(stale, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * When a living process began, in whatever unit; undefined when there is none. Numbers of processes are used again, so the
 * number alone would take a stranger for the holder.
 */
function startOf(pid: number): string | undefined {
  if (!(pid > 0)) return undefined;
  const stat = read(`/proc/${pid}/stat`);
  if (stat !== undefined) return `${bootId()}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  if (process.platform === 'linux') return undefined;
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : undefined;
  }
}

const bootId = (): string => read('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
