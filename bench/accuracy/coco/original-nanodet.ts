import type { Detection, Frame } from '../../../core/index.ts';
import { type ParsedManifest, referenceInput, referenceNanodet } from '../../../models/index.ts';
import type { RunNetwork } from './both-networks.ts';

const SIDE = 416;
const STRIDES = [8, 16, 32];

/** NanoDet-g with all that is around the network in plain TypeScript, so that only the network's runtime differs. */
export async function detectPlainly(
  manifest: ParsedManifest,
  run: RunNetwork,
  frame: Frame,
  scoreThreshold: number,
): Promise<Detection[]> {
  const { tensor, boxed } = referenceInput(manifest, frame, SIDE, SIDE);
  const raw = await run(tensor);
  const levels = STRIDES.map((stride, i) => ({
    stride,
    scores: raw.get(i === 0 ? 'Identity' : `Identity_${i}`)?.data ?? [],
    distances: raw.get(`Identity_${i + STRIDES.length}`)?.data ?? [],
  }));
  const found = referenceNanodet(levels, {
    labels: manifest.classNames,
    bins: 11,
    width: SIDE,
    scoreThreshold,
    iou: manifest.thresholds.iou,
  });
  const x = (v: number): number => within(((v - boxed.offset.x) * boxed.perPixel.x) / frame.width);
  const y = (v: number): number => within(((v - boxed.offset.y) * boxed.perPixel.y) / frame.height);
  return found.map(({ label, score, box }) => ({
    label,
    score,
    box: { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) },
  }));
}

const within = (v: number): number => Math.min(1, Math.max(0, v));
