import type { Detection, Detector, Frame } from '../../core/index.ts';
import {
  agreed,
  type CloseLook,
  cropAround,
  type InferenceOptions,
  leadOf,
  mergeObjects,
} from '../../inference/index.ts';

/** What the live pipeline makes of a thing that stands still for two looks, the second of them with a closer one at its lead. */
export async function lookTwice(
  frame: Frame,
  detector: Detector,
  { ebike: { labels }, zoom }: Pick<InferenceOptions, 'ebike' | 'zoom'>,
): Promise<{ readonly whole: readonly Detection[]; readonly things: readonly Detection[] }> {
  const whole = await detector.detect(frame);
  const place = leadOf(whole, [], { labels, lead: zoom.lead });
  const closeLooks: CloseLook[] = [];
  if (place) {
    const region = cropAround(place, zoom.cropSize);
    closeLooks.push({ region, found: await detector.detect(frame, region) });
  }
  return { whole, things: mergeObjects(agreed(whole, closeLooks, labels), labels) };
}
