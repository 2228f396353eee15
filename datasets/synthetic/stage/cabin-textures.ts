import type * as THREE from 'three';
import type { Random } from '../random.ts';
import type { Cabin, WallMaterial } from '../scenario/schema.ts';
import { bands, brush, corners, paintTexture, shade, speckle, wearAndTear, woodGrain } from './textures.ts';

/**
 * The face of one wall: its material, joints, wear and the dirt that gathers below. Only a broad one mirrors slow bands;
 * on a door leaf they would look like the folds of a curtain.
 */
export function wallTexture(
  random: Random,
  kind: WallMaterial,
  colour: string,
  wear: number,
  broad: boolean,
): THREE.CanvasTexture {
  return paintTexture(512, 512, (pen, w, h) => {
    pen.fillStyle = kind === 'mirror' ? shade(colour, 8) : colour;
    pen.fillRect(0, 0, w, h);
    if (kind === 'wood') woodGrain(pen, w, h, random, colour);
    else if (kind === 'steel' || kind === 'mirror') {
      if (broad) bands(pen, w, h, random, 0.14);
      brush(pen, w, h, random, colour, 900, true, 0.06);
    } else if (kind === 'brushed') {
      brush(pen, w, h, random, colour, 2600, random.chance(0.5), 0.1);
      if (broad) bands(pen, w, h, random, 0.1);
    } else if (kind === 'scratched') {
      speckle(pen, w, h, random, colour, 4000, 10, 4, 0.35);
      brush(pen, w, h, random, colour, 600, true, 0.25);
    } else speckle(pen, w, h, random, colour, 2500, 4, 3, 0.3);
    if (broad && random.chance(0.6) && kind !== 'glass') {
      pen.fillStyle = 'rgba(20,18,16,0.45)';
      const joints = random.integer(1, 3);
      for (let i = 1; i <= joints; i++) pen.fillRect((w * i) / (joints + 1), 0, 2, h);
    }
    wearAndTear(pen, w, h, random, kind === 'scratched' ? Math.max(0.7, wear) : wear, colour);
    const soil = pen.createLinearGradient(0, 0, 0, h);
    soil.addColorStop(0, 'rgba(255,255,255,0.06)');
    soil.addColorStop(1, `rgba(30,24,16,${0.1 + 0.25 * wear})`);
    pen.fillStyle = soil;
    pen.fillRect(0, 0, w, h);
    corners(pen, w, h, 0.22, broad ? 0.32 : 0.12);
  });
}

export function floorTexture(
  random: Random,
  kind: Cabin['floor'],
  colour: string,
  wear: number,
): THREE.CanvasTexture {
  return paintTexture(512, 512, (pen, w, h) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, w, h);
    if (kind === 'wood') woodGrain(pen, w, h, random, colour);
    else if (kind === 'checker-plate') {
      for (let i = 0; i < 32; i++) {
        for (let j = 0; j < 32; j++) {
          pen.save();
          pen.translate(i * 16 + 8, j * 16 + 8);
          pen.rotate(((i + j) % 2 ? 1 : -1) * 0.78);
          pen.fillStyle = shade(colour, 12, 0.9);
          pen.fillRect(-5, -1.6, 10, 3.2);
          pen.restore();
        }
      }
    } else if (kind === 'rubber') {
      pen.fillStyle = shade(colour, -8, 0.8);
      for (let i = 0; i < 24; i++)
        for (let j = 0; j < 24; j++) {
          pen.beginPath();
          pen.arc(i * 21.3 + 10, j * 21.3 + 10, 6, 0, 7);
          pen.fill();
        }
    } else
      speckle(
        pen,
        w,
        h,
        random,
        colour,
        kind === 'carpet' ? 14000 : 7000,
        kind === 'carpet' ? 10 : 9,
        4,
        0.35,
      );
    if (kind === 'tiles') {
      pen.strokeStyle = shade(colour, -18);
      pen.lineWidth = 3;
      const n = random.integer(2, 4);
      for (let i = 0; i <= n; i++) {
        pen.strokeRect(0, 0, (w / n) * i, h);
        pen.strokeRect(0, 0, w, (h / n) * i);
      }
    }
    if (kind === 'stone' && random.chance(0.6)) {
      const b = random.between(24, 60);
      pen.strokeStyle = shade(colour, -24);
      pen.lineWidth = random.between(6, 24);
      pen.strokeRect(b, b, w - 2 * b, h - 2 * b);
    }
    wearAndTear(pen, w, h, random, wear * 0.45, colour);
    corners(pen, w, h, 0.18, 0.4);
  });
}

export function plasterTexture(random: Random, colour: string): THREE.CanvasTexture {
  return paintTexture(256, 256, (pen, w, h) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, w, h);
    speckle(pen, w, h, random, colour, 3000, 3, 3, 0.4);
    pen.fillStyle = shade(colour, -14);
    for (let i = 1; i < 4; i++) pen.fillRect(0, (h * i) / 4, w, 1);
  });
}

const WORDS = [
  '安全乘梯',
  '禁止电动车',
  '温馨提示',
  '乘梯须知',
  'NOTICE',
  'SAFETY',
  'OPEN DAY',
  'SALE',
  '96333',
  '物业公告',
  'YOGA',
] as const;

/** Invented posters: blocks of colour, a headline, lines of text. No real brand or picture. */
export function posterTexture(random: Random, bright: boolean): THREE.CanvasTexture {
  return paintTexture(192, 256, (pen, w, h) => {
    const hue = random.pick([0, 12, 120, 200, 215, 30, 340, 45]);
    pen.fillStyle =
      random.chance(0.45) && !bright
        ? '#efeee8'
        : `hsl(${hue}, ${random.integer(40, 85)}%, ${random.integer(32, 60)}%)`;
    pen.fillRect(0, 0, w, h);
    for (let i = random.integer(2, 5); i > 0; i--) {
      pen.fillStyle = `hsl(${random.chance(0.6) ? hue : random.integer(0, 360)}, ${random.integer(30, 80)}%, ${random.integer(30, 90)}%)`;
      if (random.chance(0.7))
        pen.fillRect(
          random.between(0, w * 0.7),
          random.between(0, h),
          random.between(20, 130),
          random.between(12, 80),
        );
      else {
        pen.beginPath();
        pen.arc(random.between(20, w - 20), random.between(30, h), random.between(10, 44), 0, 7);
        pen.fill();
      }
    }
    pen.fillStyle = random.chance(0.5) ? '#fff' : `hsl(${hue}, 80%, 25%)`;
    pen.font = `bold ${random.integer(24, 38)}px sans-serif`;
    pen.fillText(random.pick(WORDS), 12, random.between(34, 60));
    pen.fillStyle = 'rgba(30,30,30,0.7)';
    const top = random.between(90, 190);
    for (let i = 0; i < random.integer(3, 8); i++)
      pen.fillRect(16, top + i * 11, w - 32 - random.between(0, 60), 4);
  });
}
