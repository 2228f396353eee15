import sharp from 'sharp';
import { expect, it } from 'vitest';
import { encodeJpeg } from './encode-jpeg.ts';

const ts = Date.UTC(2026, 0, 31, 12, 34, 56, 789);

it('makes a JPEG of a picture, with its time in it', async () => {
  const data = new Uint8Array(64 * 36 * 3).fill(200);
  const snapshot = await encodeJpeg({ ts, width: 64, height: 36, data });
  const { format, width, height, exif } = await sharp(snapshot.jpeg).metadata();
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 64, height: 36 });
  expect(exif?.toString('latin1')).toContain('2026:01:31 12:34:56');
  expect(exif?.toString('latin1')).toContain('789');
  expect(snapshot.ts).toBe(ts);
});
