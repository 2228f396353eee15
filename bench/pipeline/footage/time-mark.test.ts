import { describe, expect, it } from 'vitest';
import { MARK, PICTURE, paintMark, readMark } from './time-mark.ts';

function framed(strip: Uint8Array, change: (level: number) => number = (v) => v) {
  const data = new Uint8Array(PICTURE.width * PICTURE.height * 3).fill(120);
  for (let y = 0; y < MARK.height; y++) {
    for (let x = 0; x < MARK.width; x++) {
      data.fill(
        change(strip[y * MARK.width + x] ?? 0),
        ((MARK.y + y) * PICTURE.width + MARK.x + x) * 3,
        ((MARK.y + y) * PICTURE.width + MARK.x + x + 1) * 3,
      );
    }
  }
  return { ...PICTURE, data };
}

describe('the mark that says which picture of a clip this is', () => {
  it('reads every index as it was painted, also when coding has washed it out', () => {
    for (let index = 0; index < MARK.count; index += 1) {
      expect(readMark(framed(paintMark(index), (v) => 30 + v * 0.75))).toBe(index);
    }
  });

  it('changes two blocks at most from one picture to the next', () => {
    for (let index = 1; index < MARK.count; index++) {
      const before = paintMark(index - 1);
      const changed = paintMark(index).filter((v, i) => v !== before[i]).length;
      expect(changed).toBeLessThanOrEqual((2 * MARK.width * MARK.height) / 13);
    }
  });

  it('reads nothing from a picture without a mark, of another size, or with a block that flipped', () => {
    expect(readMark(framed(new Uint8Array(MARK.width * MARK.height).fill(120)))).toBeUndefined();
    expect(readMark({ width: 320, height: 180, data: new Uint8Array(320 * 180 * 3) })).toBeUndefined();
    const flipped = paintMark(77);
    const level = flipped[0] ? 0 : 255;
    for (let y = 0; y < MARK.height; y++) flipped.fill(level, y * MARK.width, y * MARK.width + 8);
    expect(readMark(framed(flipped))).toBeUndefined();
  });
});
