import path from 'node:path';
import type { Box, Frame, Keypoint } from '../../../core/index.ts';
import { readStill, stillNames, yoloBox, yoloRows } from '../stills.ts';
import type { LabelledPose } from './joint-hits.ts';

export interface CocoPicture {
  readonly name: string;
  readonly frame: Frame;
  readonly people: readonly Box[];
  /** People with labelled joints; a joint's score is 0 where it is not labelled. */
  readonly poses: readonly LabelledPose[];
}

const PERSON = 0;

/** Pictures with YOLO labels in `images/`, `labels/` and, for some, `keypoints/` (YOLO-pose), by name. */
export async function* cocoPictures(folder: string): AsyncGenerator<CocoPicture> {
  for (const { name, file } of await stillNames(folder)) {
    const labels = (await yoloRows(path.join(folder, 'labels', `${name}.txt`))).map(yoloBox);
    const poses = await yoloRows(path.join(folder, 'keypoints', `${name}.txt`));
    yield {
      name,
      frame: await readStill(file),
      people: labels.filter(({ label }) => label === PERSON).map(({ box }) => box),
      poses: poses.map((row) => ({ box: yoloBox(row).box, keypoints: keypointsOf(row) })),
    };
  }
}

function keypointsOf(row: readonly number[]): Keypoint[] {
  return Array.from({ length: 17 }, (_, joint) => {
    const [x = 0, y = 0, seen = 0] = row.slice(5 + joint * 3, 8 + joint * 3);
    return { x, y, score: seen > 0 ? 1 : 0 };
  });
}
