import type { Frame } from '../../../core/index.ts';

/** Pictures the marked clips have; the mark's place is in these pixels. */
export const PICTURE = Object.freeze({ width: 640, height: 360 });

const BITS = 12;
const PARITY = 1;
/** Between the rows that the pipeline's motion meter samples, so that the mark does not look like motion. */
const PLACE = Object.freeze({ x: 272, y: 12, bitWidth: 8, height: 4 });

export const MARK = Object.freeze({
  x: PLACE.x,
  y: PLACE.y,
  width: (BITS + PARITY) * PLACE.bitWidth,
  height: PLACE.height,
  /** Pictures that can be told apart. */
  count: 2 ** BITS,
});

/**
 * A strip of black and white blocks that says which picture of its clip this is, so that a frame at the far end of
 * the pipeline tells when the camera sent it. Gray code: one block (and the parity block) changes a picture.
 * @returns `MARK.width × MARK.height` grey bytes
 */
export function paintMark(index: number): Uint8Array {
  const code = grayCode(index);
  const strip = new Uint8Array(MARK.width * MARK.height);
  for (let x = 0; x < MARK.width; x++) {
    const bit = Math.floor(x / PLACE.bitWidth);
    const on = bit < BITS ? (code >> bit) & 1 : parityOf(code);
    if (!on) continue;
    for (let y = 0; y < MARK.height; y++) strip[y * MARK.width + x] = 255;
  }
  return strip;
}

/** The index painted into a frame of `PICTURE`'s size; undefined where it cannot be read. */
export function readMark(frame: Pick<Frame, 'width' | 'height' | 'data'>): number | undefined {
  if (frame.width !== PICTURE.width || frame.height !== PICTURE.height) return undefined;
  let code = 0;
  let parity = 0;
  for (let bit = 0; bit < BITS + PARITY; bit++) {
    const level = levelOf(frame, bit);
    if (level > 80 && level < 175) return undefined;
    const on = level >= 175 ? 1 : 0;
    if (bit < BITS) code |= on << bit;
    else parity = on;
  }
  return parityOf(code) === parity ? fromGrayCode(code) : undefined;
}

/** Mean green of a block's inner pixels, clear of what the coding smears over its edges. */
function levelOf({ width, data }: Pick<Frame, 'width' | 'data'>, bit: number): number {
  let sum = 0;
  for (const y of [PLACE.y + 1, PLACE.y + 2]) {
    for (let x = 3; x < 5; x++) sum += data[(y * width + PLACE.x + bit * PLACE.bitWidth + x) * 3 + 1] ?? 128;
  }
  return sum / 4;
}

const grayCode = (value: number): number => value ^ (value >> 1);

function fromGrayCode(code: number): number {
  let value = code;
  for (let shift = 1; shift < BITS; shift *= 2) value ^= value >> shift;
  return value;
}

function parityOf(code: number): number {
  let odd = 0;
  for (let rest = code; rest; rest >>= 1) odd ^= rest & 1;
  return odd;
}
