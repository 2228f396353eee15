import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Box, Frame } from '../../../core/index.ts';
import { readStill, stillNames, yoloBox, yoloRows } from '../stills.ts';

export interface EbikeStill {
  readonly name: string;
  readonly frame: Frame;
  /** Undefined where a bike is in the picture but nobody drew its box. */
  readonly ebikes: readonly Box[] | undefined;
  /** How many people are in it; undefined where nobody counted or the counter was unsure. */
  readonly people: number | undefined;
}

/** Width that pictures of a camera are judged at, pixels. */
const WIDTH = 640;

/** Stills with YOLO labels, and people's counts in `counts.csv` where there is one. */
export async function* ebikeStills(folder: string): AsyncGenerator<EbikeStill> {
  const classes = (await readFile(path.join(folder, 'classes.txt'), 'utf8')).trim().split(/\s+/);
  const ebike = classes.indexOf('ebike');
  const person = classes.indexOf('person');
  const counts = await readCounts(path.join(folder, 'counts.csv'));
  for (const { name, file } of await stillNames(folder)) {
    const labels = (await yoloRows(path.join(folder, 'labels', `${name}.txt`))).map(yoloBox);
    const bikes = labels.filter((l) => l.label === ebike).map((l) => l.box);
    const counted = counts.get(name);
    const undrawn = counted?.ebikePresent === true && bikes.length === 0;
    const drawnPeople = person >= 0 ? labels.filter((l) => l.label === person).length : undefined;
    yield {
      name,
      frame: await readStill(file, WIDTH),
      ebikes: undrawn ? undefined : bikes,
      people: counted ? counted.people : drawnPeople,
    };
  }
}

async function readCounts(
  file: string,
): Promise<Map<string, { people: number | undefined; ebikePresent: boolean }>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const column = (name: string): number => header.split(',').indexOf(name);
  return new Map(
    lines.map((line) => {
      const cells = line.split(',');
      const unsure = cells[column('uncertain_person_count')] === '1';
      const people = unsure ? undefined : Number(cells[column('person_count')]);
      return [
        cells[column('tile')] as string,
        { people, ebikePresent: cells[column('ebike_present')] === '1' },
      ];
    }),
  );
}
