import { type Box, type Detection, iou, shareInside } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { mergeObjects } from './merge-objects.ts';

type Labels = InferenceOptions['ebike']['labels'];

/** What the detector found in a part of the picture that it looked at magnified. */
export interface CloseLook {
  readonly region: Box;
  readonly found: readonly Detection[];
}

/** Share of a thing that a close look must have taken in to speak about it. */
const SEEN_WHOLE = 0.8;
/** Overlap from which both looks mean the same thing. */
const SAME_IOU = 0.3;

/**
 * What may be believed of one look's detections. Of a label that is to be seen twice, only what a close look took in too stays, with the
 * geometric mean of both scores; of all others everything.
 */
export function agreed(
  whole: readonly Detection[],
  closeLooks: readonly CloseLook[],
  labels: Labels,
): Detection[] {
  const isTwice = ({ label }: Detection): boolean => labels[label]?.twice === true;
  const found = closeLooks.flatMap((look) => look.found);
  const once = [...whole, ...found].filter((d) => !isTwice(d));
  const twice = whole.filter(isTwice).flatMap((d) => {
    const again = closeLooks
      .filter(({ region }) => shareInside(d.box, region) >= SEEN_WHOLE)
      .flatMap((look) => look.found)
      .filter(({ label, box }) => label === d.label && iou(box, d.box) >= SAME_IOU);
    const score = Math.sqrt(d.score * Math.max(0, ...again.map((a) => a.score)));
    return score > 0 ? [{ ...d, score }] : [];
  });
  return [...once, ...twice];
}

/**
 * Where the next look should look closely: at the likeliest thing that could still come to count. A score under the square of what
 * counts cannot, however sure the close look is.
 * @param lead least score of a label that one look is enough for
 */
export function leadOf(
  whole: readonly Detection[],
  closeLooks: readonly CloseLook[],
  { labels, lead }: { readonly labels: Labels; readonly lead: number },
): Box | undefined {
  const once = closeLooks.flatMap(({ found }) => found.filter(({ label }) => !labels[label]?.twice));
  const things = mergeObjects([...whole, ...once], labels);
  return things.find(({ label, score }) => {
    const of = labels[label];
    return score >= (of?.twice ? of.score ** 2 : lead);
  })?.box;
}
