import { CabinwatchError } from '../../core/index.ts';

export interface RgbPicture {
  readonly ts: number;
  readonly width: number;
  readonly height: number;
  /** RGB24. */
  readonly data: Uint8Array;
}

export interface Snapshot {
  readonly jpeg: Buffer;
  /** When the picture was taken, epoch ms; also in the JPEG's EXIF data, as UTC. */
  readonly ts: number;
  readonly width: number;
  readonly height: number;
}

/**
 * @param quality 1–100; 80 shows faces and doors well at about 60 kB for 640x360
 * @throws CabinwatchError DEPENDENCY_MISSING without sharp
 */
export async function encodeJpeg(picture: RgbPicture, quality = 80): Promise<Snapshot> {
  const { data, ts, width, height } = picture;
  const sharp = await loadSharp();
  const taken = new Date(ts).toISOString(); // 2026-01-31T12:34:56.789Z
  const exif = {
    IFD2: {
      DateTimeOriginal: taken.slice(0, 19).replaceAll('-', ':').replace('T', ' '),
      SubSecTimeOriginal: taken.slice(20, 23),
      OffsetTimeOriginal: '+00:00',
    },
  };
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .withExif(exif)
    .toBuffer();
  return { jpeg, ts, width, height };
}

async function loadSharp() {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new CabinwatchError('DEPENDENCY_MISSING', 'Snapshots need the package sharp. Run: npm install', {
      cause,
    });
  }
}
