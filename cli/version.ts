import { existsSync, readFileSync } from 'node:fs';

/** The version in the nearest package.json above: one folder up in a checkout, two in a build. */
export function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    const url = new URL(path, import.meta.url);
    if (existsSync(url)) return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
  }
  return 'unknown';
}
