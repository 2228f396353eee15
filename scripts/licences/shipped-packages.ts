import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; undefined when neither the lock nor the package says. */
  readonly licence: string | undefined;
}

interface LockEntry {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

interface OldManifest {
  readonly license?: string | { readonly type: string };
  readonly licenses?: readonly { readonly type: string }[];
}

/**
 * Every package that a production install can put on a disk, on any platform, sorted by name and version. The
 * lock knows them all; a package too old to say its licence there is asked itself.
 */
export function shippedPackages(root: string): ShippedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const found = new Map<string, ShippedPackage>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.dev || entry.devOptional) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = entry.license ?? licenceInside(join(root, path));
    found.set(`${name}@${entry.version}`, { name, version: entry.version, licence });
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** By code unit, so that the order is the same under every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What the installed package itself says, in any of the forms that npm has known. */
export function licenceInside(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as OldManifest;
  const types = (manifest.licenses ?? []).map((licence) => licence.type);
  if (typeof manifest.license === 'string') return manifest.license;
  return manifest.license?.type ?? (types.length > 0 ? types.join(' OR ') : undefined);
}
