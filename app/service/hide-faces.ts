import { type Box, clampBox, WHOLE_PICTURE } from '../../core/index.ts';

/** Squares across a region, which is twice a head or more: three across a face are no face. */
const ACROSS_REGION = 6;
const ACROSS_PICTURE = 16;

/**
 * The JPEG with these regions (normalised) as coarse squares, each the mean of what was there, so that it cannot be brought
 * back; the time in its EXIF data stays. Everything under a square is gone from the file.
 */
export async function hideFaces(jpeg: Uint8Array, regions: readonly Box[]): Promise<Uint8Array> {
  if (regions.length === 0) return jpeg;
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const patches = regions.map(async (region) => {
    const across = region === WHOLE_PICTURE ? ACROSS_PICTURE : ACROSS_REGION;
    const { x1, y1, x2, y2 } = clampBox(region);
    const [left, top] = [Math.floor(x1 * width), Math.floor(y1 * height)];
    const size = {
      width: Math.max(1, Math.ceil(x2 * width) - left),
      height: Math.max(1, Math.ceil(y2 * height) - top),
    };
    if (left >= width || top >= height) return [];
    const means = await sharp(data, { raw: info })
      .extract({ left, top, ...size })
      .resize(across, across, { fit: 'fill' })
      .raw()
      .toBuffer();
    const input = await sharp(means, { raw: { width: across, height: across, channels: info.channels } })
      .resize({ ...size, fit: 'fill', kernel: 'nearest' })
      .png()
      .toBuffer();
    return [{ input, left, top }];
  });
  return sharp(jpeg)
    .composite((await Promise.all(patches)).flat())
    .keepExif()
    .jpeg({ quality: 80 })
    .toBuffer();
}
