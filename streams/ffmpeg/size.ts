export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

/** What models look at: wide enough for a person in a cabin, small enough for 32 cameras on two cores. */
export const DEFAULT_WIDTH = 640;

/**
 * The size pictures are scaled to: at most `maxWidth` wide, never larger than the source, the source's aspect to
 * the nearest even number (odd sizes have no 4:2:0 form).
 */
export function inferenceSize(source: PictureSize, maxWidth: number = DEFAULT_WIDTH): PictureSize {
  const width = Math.max(2, Math.floor(Math.min(maxWidth, source.width) / 2) * 2);
  return { width, height: even((width * source.height) / source.width) };
}
