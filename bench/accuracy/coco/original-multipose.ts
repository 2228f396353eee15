import type { Frame } from '../../../core/index.ts';
import { type ParsedManifest, referenceInput } from '../../../models/index.ts';
import type { ScoredBox } from './average-precision.ts';
import type { RunNetwork } from './both-networks.ts';

const SIDE = 256;
const ROW = 56;

/** MoveNet multipose's boxes with the way in and out in plain TypeScript. */
export async function peoplePlainly(
  manifest: ParsedManifest,
  run: RunNetwork,
  frame: Frame,
  scoreThreshold: number,
): Promise<ScoredBox[]> {
  const { tensor, boxed } = referenceInput(manifest, frame, SIDE, SIDE);
  const raw = await run(tensor);
  const people = [...raw.values()][0]?.data ?? [];
  const x = (v: number): number => ((v * SIDE - boxed.offset.x) * boxed.perPixel.x) / frame.width;
  const y = (v: number): number => ((v * SIDE - boxed.offset.y) * boxed.perPixel.y) / frame.height;
  const found: ScoredBox[] = [];
  for (let at = 0; at < people.length; at += ROW) {
    const [y1 = 0, x1 = 0, y2 = 0, x2 = 0, score = 0] = Array.from(people.slice(at + 51, at + ROW));
    if (score > scoreThreshold) found.push({ score, box: { x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2) } });
  }
  return found;
}
