import path from 'node:path';
import type { Frame } from '../../../core/index.ts';
import { readStill, stillNames, yoloBox, yoloRows } from '../stills.ts';

/** COCO's bicycle and motorcycle. */
const BIKES = [1, 3];

/** COCO pictures without a labelled bicycle or motorcycle: whatever is called an e-bike in them is none. */
export async function* bikelessPictures(folder: string): AsyncGenerator<Frame> {
  for (const { name, file } of await stillNames(folder)) {
    const labels = (await yoloRows(path.join(folder, 'labels', `${name}.txt`))).map(yoloBox);
    if (!labels.some(({ label }) => BIKES.includes(label))) yield readStill(file);
  }
}
