/** RGB24, row-major, no padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Boxed extends Picture {
  /** Picture pixels a pixel of `data`, and where the picture begins in it. */
  readonly perPixel: { readonly x: number; readonly y: number };
  readonly offset: { readonly x: number; readonly y: number };
}

/** What the built graphs do to a picture, written plainly: bilinear, half-pixel centres, centred on a grey ground. */
export function referenceLetterbox(picture: Picture, width: number, height: number, grey: number): Boxed {
  const scale = Math.min(width / picture.width, height / picture.height);
  const fitted = {
    width: Math.max(1, Math.min(width, Math.round(picture.width * scale))),
    height: Math.max(1, Math.min(height, Math.round(picture.height * scale))),
  };
  const offset = { x: Math.floor((width - fitted.width) / 2), y: Math.floor((height - fitted.height) / 2) };
  const perPixel = { x: picture.width / fitted.width, y: picture.height / fitted.height };
  const data = new Uint8Array(width * height * 3).fill(grey);
  for (let y = 0; y < fitted.height; y++) {
    const row = between(y, perPixel.y, picture.height);
    for (let x = 0; x < fitted.width; x++) {
      const column = between(x, perPixel.x, picture.width);
      const at = ((y + offset.y) * width + x + offset.x) * 3;
      for (let channel = 0; channel < 3; channel++) data[at + channel] = blend(picture, row, column, channel);
    }
  }
  return { width, height, data, perPixel, offset };
}

interface Neighbours {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

function between(position: number, perPixel: number, size: number): Neighbours {
  const exact = Math.min(size - 1, Math.max(0, (position + 0.5) * perPixel - 0.5));
  const low = Math.floor(exact);
  return { low, high: Math.min(size - 1, low + 1), share: exact - low };
}

function blend({ width, data }: Picture, row: Neighbours, column: Neighbours, channel: number): number {
  const at = (y: number, x: number): number => data[(y * width + x) * 3 + channel] as number;
  const top = at(row.low, column.low) * (1 - column.share) + at(row.low, column.high) * column.share;
  const bottom = at(row.high, column.low) * (1 - column.share) + at(row.high, column.high) * column.share;
  // Cut off, not rounded, as onnxruntime does when it resizes bytes.
  return Math.trunc(top * (1 - row.share) + bottom * row.share);
}
