import type { Box } from '../../core/index.ts';
import type { Random } from '../synthetic/random.ts';
import { type Cut, cutBox, inside, randomCut, seenShare } from './crop.ts';
import type { LabelledFile } from './labelled-folder.ts';

export interface CanvasSize {
  readonly width: number;
  readonly height: number;
}

/** A picture ready for a network, and where the things are in it, in its pixels. */
export interface DrawnPicture extends CanvasSize {
  /** RGB, row by row. */
  readonly data: Uint8Array;
  readonly boxes: readonly (readonly [number, number, number, number])[];
  /** Where something is, but too little of it is seen to be asked for. */
  readonly ignored: readonly (readonly [number, number, number, number])[];
}

type Image = import('sharp').Sharp;

const GREY = { r: 114, g: 114, b: 114 };
/** Less of a thing than this, or less than this share of the picture, is neither asked for nor denied. */
const LEAST_SEEN = 0.4;
const LEAST_AREA = 0.008;

/** A labelled picture as it is, fitted into the canvas. */
export async function drawPlain(source: LabelledFile, canvas: CanvasSize): Promise<DrawnPicture> {
  const { default: sharp } = await import('sharp');
  const { width, height } = await sharp(source.file).metadata();
  const whole: Cut = { left: 0, top: 0, width, height, mirrored: false };
  const fitted = fitInto(whole, canvas, 1);
  const image = sharp(source.file)
    .removeAlpha()
    .toColourspace('srgb')
    .resize(fitted.width, fitted.height, { fit: 'fill' });
  return onCanvas(await image.png({ compressionLevel: 0 }).toBuffer(), {
    source,
    cut: whole,
    size: { width, height },
    fitted,
    canvas,
  });
}

/**
 * A labelled picture as another camera might have taken it: another part of it, mirrored, lighter or darker, other
 * colours, grey, blurred, noisy, written over, compressed.
 */
export async function drawVariant(
  source: LabelledFile,
  canvas: CanvasSize,
  random: Random,
): Promise<DrawnPicture> {
  const { default: sharp } = await import('sharp');
  const { width, height } = await sharp(source.file).metadata();
  const cut = randomCut({ width, height }, source.boxes, random);
  const fitted = fitInto(cut, canvas, random.chance(0.3) ? random.between(0.7, 1) : 1);
  let image = sharp(source.file).removeAlpha().toColourspace('srgb').extract(extent(cut));
  if (cut.mirrored) image = image.flop();
  if (random.chance(0.6)) {
    // Fewer pixels than the network's: what a far or cheap camera has to give.
    const share = random.between(0.45, 1);
    image = sharp(await image.resize(scaled(fitted, share)).png({ compressionLevel: 0 }).toBuffer());
  }
  image = recoloured(image.resize(fitted.width, fitted.height, { fit: 'fill' }), random);
  if (random.chance(0.3)) image = image.blur(random.between(0.3, 1.5));
  if (random.chance(0.25)) image = image.sharpen({ sigma: random.between(0.6, 1.5) });
  if (random.chance(0.6)) image = image.composite([{ input: overlay(fitted, random), top: 0, left: 0 }]);
  // What is written over brings transparency with it, which must go before the bytes are taken for RGB.
  const data = await sharp(await image.png({ compressionLevel: 0 }).toBuffer())
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  if (random.chance(0.7)) addNoise(data, random.between(1, 10), random);
  const drawn = sharp(data, { raw: { width: fitted.width, height: fitted.height, channels: 3 } });
  const bytes = await drawn.jpeg({ quality: random.chance(0.85) ? random.integer(25, 92) : 98 }).toBuffer();
  return onCanvas(bytes, { source, cut, size: { width, height }, fitted, canvas });
}

const extent = ({ left, top, width, height }: Cut) => ({ left, top, width, height });

interface Fitted extends CanvasSize {
  readonly left: number;
  readonly top: number;
}

/** The largest size of the cut within the canvas, times `share`, in its middle. */
function fitInto(cut: CanvasSize, canvas: CanvasSize, share: number): Fitted {
  const scale = Math.min(canvas.width / cut.width, canvas.height / cut.height) * share;
  const width = Math.max(1, Math.min(canvas.width, Math.round(cut.width * scale)));
  const height = Math.max(1, Math.min(canvas.height, Math.round(cut.height * scale)));
  const left = Math.floor((canvas.width - width) / 2);
  return { width, height, left, top: Math.floor((canvas.height - height) / 2) };
}

function scaled({ width, height }: CanvasSize, share: number) {
  return {
    width: Math.max(1, Math.round(width * share)),
    height: Math.max(1, Math.round(height * share)),
    fit: 'fill' as const,
  };
}

function recoloured(image: Image, random: Random): Image {
  const contrast = random.between(0.7, 1.35);
  const lift = 128 * (1 - contrast) + 255 * random.between(-0.1, 0.15);
  const gains = [0, 1, 2].map(() => contrast * random.between(0.88, 1.12));
  const bent = random.chance(0.9) ? image.gamma(random.between(1, 2.2), random.between(1, 2.2)) : image;
  const tinted = bent.linear(gains, [lift, lift, lift]);
  // Night pictures are grey.
  const saturation = random.chance(0.1) ? 0 : random.between(0.3, 1.3);
  return tinted.modulate({ saturation });
}

function addNoise(data: Uint8Array, deviation: number, random: Random): void {
  for (let i = 0; i < data.length; i++) {
    // The sum of three is near enough to a normal distribution.
    const sum = random.next() + random.next() + random.next() - 1.5;
    data[i] = Math.max(0, Math.min(255, Math.round((data[i] as number) + 2 * deviation * sum)));
  }
}

/** What cameras write over their pictures: a clock, a name, sometimes a box. */
function overlay({ width, height }: CanvasSize, random: Random): Buffer {
  const two = (low: number, high: number): string => String(random.integer(low, high)).padStart(2, '0');
  const clock = `20${two(18, 27)}-${two(1, 12)}-${two(1, 28)} ${two(0, 23)}:${two(0, 59)}:${two(0, 59)}`;
  const text = random.pick([clock, clock, clock, 'CAM 01', 'LIFT-3', 'IPC', 'A2']);
  const size = random.between(8, 20);
  const y = random.chance(0.5) ? size + random.between(0, 12) : height - random.between(4, 12);
  const x = random.between(0, width / 3);
  const box = random.chance(0.2)
    ? `<rect x="${random.between(0, width)}" y="${random.between(0, height)}" width="${random.between(20, 100)}" height="${random.between(20, 120)}" fill="none" stroke="hsl(${random.integer(0, 360)},90%,50%)" stroke-width="${random.integer(1, 2)}"/>`
    : '';
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="${random.chance(0.8) ? '#fff' : '#000'}">${text}</text>${box}</svg>`,
  );
}

interface Placing {
  readonly source: LabelledFile;
  readonly cut: Cut;
  readonly size: CanvasSize;
  readonly fitted: Fitted;
  readonly canvas: CanvasSize;
}

async function onCanvas(bytes: Buffer, placing: Placing): Promise<DrawnPicture> {
  const { default: sharp } = await import('sharp');
  const { fitted, canvas, cut, size } = placing;
  const padded = sharp(bytes).extend({
    left: fitted.left,
    right: canvas.width - fitted.width - fitted.left,
    top: fitted.top,
    bottom: canvas.height - fitted.height - fitted.top,
    background: GREY,
  });
  const data = new Uint8Array(await padded.removeAlpha().raw().toBuffer());
  const boxes: DrawnPicture['boxes'][number][] = [];
  const ignored: DrawnPicture['boxes'][number][] = [];
  for (const box of placing.source.boxes) {
    const whole = cutBox(box, cut, size.width, size.height);
    const share = seenShare(whole);
    if (share <= 0) continue;
    const seen = inside(whole);
    const large = (seen.x2 - seen.x1) * (seen.y2 - seen.y1) >= LEAST_AREA;
    (share >= LEAST_SEEN && large ? boxes : ignored).push(inPixels(seen, fitted));
  }
  return { ...canvas, data, boxes, ignored };
}

function inPixels(
  { x1, y1, x2, y2 }: Box,
  { left, top, width, height }: Fitted,
): DrawnPicture['boxes'][number] {
  return [left + x1 * width, top + y1 * height, left + x2 * width, top + y2 * height];
}
