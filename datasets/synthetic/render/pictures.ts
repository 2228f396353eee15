import { rename, writeFile } from 'node:fs/promises';

/** @param rgb top row first */
export async function toJpeg(
  rgb: Uint8Array,
  size: { width: number; height: number },
  quality: number,
): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const { width, height } = size;
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

/** Writes a file that gets its name only when whole. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

/** A sheet of small pictures, files or their bytes, row by row. */
export async function writeContactSheet(
  path: string,
  pictures: readonly (string | Uint8Array)[],
  options: { columns: number; width: number; height: number },
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const { columns, width, height } = options;
  const tiles = await Promise.all(
    pictures.map(async (picture, i) => ({
      input: await sharp(picture).resize(width, height, { fit: 'cover' }).toBuffer(),
      left: (i % columns) * width,
      top: Math.floor(i / columns) * height,
    })),
  );
  const sheet = sharp({
    create: {
      width: columns * width,
      height: Math.ceil(pictures.length / columns) * height,
      channels: 3,
      background: '#000',
    },
  }).composite(tiles);
  const bytes = await (path.endsWith('.png')
    ? sheet.png({ palette: true, colours: 256, dither: 0.6 })
    : sheet.jpeg({ quality: 85 })
  ).toBuffer();
  await writeFile(path, bytes);
}
