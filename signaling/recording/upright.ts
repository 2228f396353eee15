import type { I420Picture } from '../../core/index.ts';

/** Degrees by which a picture is to be turned clockwise: a screen held upright sends what its camera sees, and says so. */
export type Rotation = 0 | 90 | 180 | 270;

/** A picture as it is to be seen. */
export function upright(picture: I420Picture, rotation: Rotation): I420Picture {
  if (rotation === 0) return picture;
  const { width, height, data } = picture;
  const turned = new Uint8Array(data.length);
  const [luma, w, h] = [width * height, Math.ceil(width / 2), Math.ceil(height / 2)];
  turn(data.subarray(0, luma), turned.subarray(0, luma), width, height, rotation);
  for (const from of [luma, luma + w * h])
    turn(data.subarray(from, from + w * h), turned.subarray(from, from + w * h), w, h, rotation);
  return rotation === 180 ? { width, height, data: turned } : { width: height, height: width, data: turned };
}

function turn(from: Uint8Array, to: Uint8Array, width: number, height: number, rotation: Rotation): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = from[y * width + x]!;
      if (rotation === 90) to[x * height + (height - 1 - y)] = value;
      else if (rotation === 180) to[(height - 1 - y) * width + (width - 1 - x)] = value;
      else to[(width - 1 - x) * height + y] = value;
    }
  }
}
