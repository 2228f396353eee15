import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One clip of GMDCSA24 (github.com/ekramalam/GMDCSA24, MIT): a fall, or a daily activity without one. */
export interface FallClip {
  readonly name: string;
  readonly path: string;
  readonly kind: 'fall' | 'adl';
  /** When the labelled fall begins, s; undefined for daily activities. */
  readonly fallStart: number | undefined;
  readonly description: string;
}

/** Reads `subject-N/{fall,adl}` and their CSV labels. The CSVs also list clips that are not there: they are left out. */
export async function readFallClips(root: string): Promise<FallClip[]> {
  const clips: FallClip[] = [];
  for (const subject of (await readdir(root)).filter((name) => name.startsWith('subject-')).sort()) {
    for (const kind of ['fall', 'adl'] as const) {
      const folder = join(root, subject, kind);
      const files = await readdir(folder).catch(() => []);
      if (files.length === 0) continue;
      const rows = parseLabels(await readFile(join(root, subject, `${kind}.csv`), 'utf8'));
      for (const file of files.filter((name) => name.endsWith('.mp4')).sort()) {
        const row = rows.get(file);
        if (!row) throw new Error(`${subject}/${kind}.csv has no line for ${file}`);
        if (kind === 'fall' && row.fallStart === undefined)
          throw new Error(`${subject}/${kind}/${file} has no start of falling`);
        const fallStart = kind === 'fall' ? row.fallStart : undefined;
        clips.push({
          name: `${subject}/${kind}/${file}`,
          path: join(folder, file),
          kind,
          fallStart,
          description: row.text,
        });
      }
    }
  }
  return clips;
}

/** Lines like `01.mp4,06, Day, …, Falling (SW)[3.4 to 6]; Sitting[0 to 3.4]`; the brackets are not always closed. */
export function parseLabels(csv: string): Map<string, { fallStart: number | undefined; text: string }> {
  const rows = new Map<string, { fallStart: number | undefined; text: string }>();
  for (const line of csv.split(/\r?\n/)) {
    const file = /^(\d+\.mp4),/.exec(line)?.[1];
    if (!file) continue;
    const start = /Falling[^[\]]*\[\s*([\d.]+)/.exec(line)?.[1];
    rows.set(file, { fallStart: start === undefined ? undefined : Number(start), text: line });
  }
  return rows;
}
