import type { I420Picture } from '../../core/index.ts';
import type { PictureSize } from '../ffmpeg/size.ts';

interface Area extends PictureSize {
  readonly x: number;
  readonly y: number;
}

interface Plane extends PictureSize {
  readonly data: Uint8Array;
}

/** As large as a recording's picture gets. Calls are sent in this size or smaller. */
const MOST: PictureSize = { width: 640, height: 640 };

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

/** The size of a recording whose first picture is this one. */
export function canvasSize({ width, height }: PictureSize): PictureSize {
  const scale = Math.min(1, MOST.width / width, MOST.height / height);
  return { width: even(width * scale), height: even(height * scale) };
}

/**
 * One picture of the recording: the cabin's as large as fits, the operator's small in its lower right corner. A picture that
 * is the whole of it already is handed on as it is.
 */
export function compose(
  size: PictureSize,
  cabin: I420Picture | undefined,
  operator: I420Picture | undefined,
): Uint8Array {
  if (cabin && !operator && cabin.width === size.width && cabin.height === size.height) return cabin.data;
  const canvas = black(size);
  if (cabin) draw(canvas, cabin, fitted(cabin, { x: 0, y: 0, ...size }));
  if (operator) {
    const [width, height] = [even(size.width / 4), even(size.height / 4)];
    draw(
      canvas,
      operator,
      fitted(operator, { x: size.width - width, y: size.height - height, width, height }),
    );
  }
  return canvas.data;
}

function black({ width, height }: PictureSize): I420Picture {
  const data = new Uint8Array((width * height * 3) / 2).fill(128);
  data.fill(16, 0, width * height);
  return { width, height, data };
}

/** In the middle of the area, its sides in proportion. */
function fitted({ width, height }: PictureSize, area: Area): Area {
  const scale = Math.min(area.width / width, area.height / height);
  const [w, h] = [Math.min(area.width, even(width * scale)), Math.min(area.height, even(height * scale))];
  const middle = (all: number, part: number): number => Math.floor((all - part) / 4) * 2;
  return { x: area.x + middle(area.width, w), y: area.y + middle(area.height, h), width: w, height: h };
}

function draw(canvas: I420Picture, picture: I420Picture, { x, y, width, height }: Area): void {
  const [to, from] = [planesOf(canvas), planesOf(picture)];
  for (const [i, plane] of from.entries()) {
    const by = i === 0 ? 1 : 2;
    stretch(plane, to[i]!, { x: x / by, y: y / by, width: width / by, height: height / by });
  }
}

function planesOf({ width, height, data }: I420Picture): Plane[] {
  const luma = width * height;
  // Of a side that is odd, the half sample more belongs to the picture.
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const chroma = half.width * half.height;
  return [
    { width, height, data: data.subarray(0, luma) },
    { ...half, data: data.subarray(luma, luma + chroma) },
    { ...half, data: data.subarray(luma + chroma, luma + chroma * 2) },
  ];
}

/** Between the nearest two samples each way, in 8-bit fractions. */
function stretch(from: Plane, to: Plane, area: Area): void {
  const columns = steps(from.width, area.width);
  const rows = steps(from.height, area.height);
  for (let row = 0; row < area.height; row += 1) {
    const [top, bottom, down] = [rows.a[row]! * from.width, rows.b[row]! * from.width, rows.share[row]!];
    const out = (area.y + row) * to.width + area.x;
    for (let column = 0; column < area.width; column += 1) {
      const [left, right, across] = [columns.a[column]!, columns.b[column]!, columns.share[column]!];
      const upper = from.data[top + left]! * (256 - across) + from.data[top + right]! * across;
      const lower = from.data[bottom + left]! * (256 - across) + from.data[bottom + right]! * across;
      to.data[out + column] = (upper * (256 - down) + lower * down + 32_768) >> 16;
    }
  }
}

/** For each of `to` places: the two samples of `from` that it lies between, and how near the second, of 256. */
function steps(from: number, to: number): { a: Uint16Array; b: Uint16Array; share: Uint16Array } {
  const [a, b, share] = [new Uint16Array(to), new Uint16Array(to), new Uint16Array(to)];
  for (let i = 0; i < to; i += 1) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    a[i] = Math.floor(at);
    b[i] = Math.min(from - 1, a[i]! + 1);
    share[i] = Math.round((at - a[i]!) * 256);
  }
  return { a, b, share };
}
