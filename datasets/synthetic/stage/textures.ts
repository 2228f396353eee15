import * as THREE from 'three';
import type { Random } from '../random.ts';

type Pen = CanvasRenderingContext2D;
const loader = new THREE.TextureLoader();
const loaded = new Map<string, Promise<THREE.Texture>>();
const luminances = new WeakMap<THREE.Texture, number>();

export function loadTexture(url: string): Promise<THREE.Texture> {
  const known = loaded.get(url);
  if (known) return known;
  const made = loader.loadAsync(url).then((texture) => {
    texture.colorSpace = THREE.SRGBColorSpace;
    texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
    texture.anisotropy = 2;
    return texture;
  });
  loaded.set(url, made);
  return made;
}

/** Mean linear luminance of a texture's opaque part, 0–1. */
export function meanLuminance(texture: THREE.Texture): number {
  const known = luminances.get(texture);
  if (known !== undefined) return known;
  const { pen, canvas } = sheet(32, 32);
  pen.drawImage(texture.image as CanvasImageSource, 0, 0, 32, 32);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < data.length; i += 4) {
    const a = (data[i + 3] as number) / 255;
    const y =
      (0.3 * (data[i] as number) + 0.59 * (data[i + 1] as number) + 0.11 * (data[i + 2] as number)) / 255;
    sum += a * y ** 2.2;
    weight += a;
  }
  const mean = weight > 0 ? sum / weight : 0.5;
  luminances.set(texture, mean);
  return mean;
}

function sheet(width: number, height: number): { canvas: HTMLCanvasElement; pen: Pen } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no 2d canvas');
  return { canvas, pen };
}

export function paintTexture(
  width: number,
  height: number,
  draw: (pen: Pen, width: number, height: number) => void,
): THREE.CanvasTexture {
  const { canvas, pen } = sheet(width, height);
  draw(pen, width, height);
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  texture.anisotropy = 4;
  return texture;
}

/** A CSS colour shifted in lightness and saturation (percent points). */
export function shade(colour: string, lightness: number, alpha = 1, saturation = 0): string {
  const hsl = { h: 0, s: 0, l: 0 };
  new THREE.Color(colour).getHSL(hsl, THREE.SRGBColorSpace);
  const l = Math.min(100, Math.max(0, hsl.l * 100 + lightness));
  const s = Math.min(100, Math.max(0, hsl.s * 100 + saturation));
  return `hsla(${Math.round(hsl.h * 360)}, ${s.toFixed(1)}%, ${l.toFixed(1)}%, ${alpha})`;
}

export function speckle(
  pen: Pen,
  w: number,
  h: number,
  random: Random,
  colour: string,
  count: number,
  spread: number,
  size: number,
  alpha: number,
): void {
  for (let i = 0; i < count; i++) {
    pen.fillStyle = shade(colour, random.between(-spread, spread), alpha);
    pen.fillRect(
      random.between(0, w),
      random.between(0, h),
      random.between(1, size),
      random.between(1, size),
    );
  }
}

/** Fine lines along one direction, as rolled or brushed metal has. */
export function brush(
  pen: Pen,
  w: number,
  h: number,
  random: Random,
  colour: string,
  count: number,
  vertical: boolean,
  alpha: number,
): void {
  for (let i = 0; i < count; i++) {
    pen.fillStyle = shade(colour, random.between(-10, 10), alpha);
    const long = random.between(30, 260);
    if (vertical) pen.fillRect(random.between(0, w), random.between(-50, h), 1, long);
    else pen.fillRect(random.between(-50, w), random.between(0, h), long, 1);
  }
}

/** Slow light and dark bands: what a metal wall mirrors of the room, blurred. */
export function bands(pen: Pen, w: number, h: number, random: Random, strength: number): void {
  const gradient = pen.createLinearGradient(0, 0, w, 0);
  for (let i = 0; i <= 3; i++) {
    const light = random.chance(0.5);
    gradient.addColorStop(
      i / 3,
      light
        ? `rgba(255,255,255,${random.between(0, strength)})`
        : `rgba(0,0,0,${random.between(0, strength * 1.2)})`,
    );
  }
  pen.fillStyle = gradient;
  pen.fillRect(0, 0, w, h);
}

export function woodGrain(pen: Pen, w: number, h: number, random: Random, colour: string): void {
  for (let i = 0; i < 420; i++) {
    pen.strokeStyle = shade(colour, random.between(-14, 10), 0.16);
    pen.lineWidth = random.between(0.6, 3);
    const x = random.between(0, w);
    const bow = random.between(-14, 14);
    pen.beginPath();
    pen.moveTo(x, 0);
    pen.bezierCurveTo(x + bow, h * 0.33, x - bow, h * 0.66, x + bow * 0.4, h);
    pen.stroke();
  }
}

/** The outline of something torn off: long runs with small teeth, taller than wide. */
function ragged(pen: Pen, random: Random, x: number, y: number, r: number): void {
  const [tall, lean] = [random.between(1, 3.2), random.between(-0.5, 0.5)];
  let k = random.between(0.4, 1);
  pen.beginPath();
  for (let a = 0; a < 40; a++) {
    k = Math.min(1.25, Math.max(0.25, k + random.between(-0.28, 0.28)));
    const [dx, dy] = [Math.cos((a / 40) * 6.283) * k * r, Math.sin((a / 40) * 6.283) * k * r * tall];
    if (a === 0) pen.moveTo(x + dx + dy * lean, y + dy);
    else pen.lineTo(x + dx + dy * lean, y + dy);
  }
  pen.closePath();
}

/** Light gets less into corners: darkens the edges of a face. */
export function corners(pen: Pen, w: number, h: number, depth: number, strength: number): void {
  const edge = (x0: number, y0: number, x1: number, y1: number): void => {
    const gradient = pen.createLinearGradient(x0, y0, x1, y1);
    gradient.addColorStop(0, `rgba(12,11,10,${strength})`);
    gradient.addColorStop(0.4, `rgba(12,11,10,${strength * 0.3})`);
    gradient.addColorStop(1, 'rgba(12,11,10,0)');
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, w, h);
  };
  edge(0, 0, w * depth, 0);
  edge(w, 0, w * (1 - depth), 0);
  edge(0, h, 0, h * (1 - depth));
  edge(0, 0, 0, h * depth);
}

/** Scratches, stains, torn film and scribbles, more of them low down where people and loads touch the wall. */
export function wearAndTear(
  pen: Pen,
  w: number,
  h: number,
  random: Random,
  wear: number,
  base: string,
): void {
  const low = (): number => h * (1 - random.next() ** 1.6 * 0.9);
  for (let i = 0; i < 120 * wear; i++) {
    pen.strokeStyle = random.chance(0.6)
      ? `rgba(240,240,235,${random.between(0.1, 0.5)})`
      : `rgba(40,34,28,${random.between(0.1, 0.45)})`;
    pen.lineWidth = random.between(0.5, 1.8);
    const [x, y] = [random.between(0, w), low()];
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + random.between(-50, 50), y + random.between(-24, 24));
    pen.stroke();
  }
  for (let i = 0; i < 26 * wear; i++) {
    const [x, y, r] = [random.between(0, w), low(), random.between(8, 70)];
    const stain = pen.createRadialGradient(x, y, 0, x, y, r);
    stain.addColorStop(0, `rgba(60,52,40,${random.between(0.04, 0.2)})`);
    stain.addColorStop(1, 'rgba(60,52,40,0)');
    pen.fillStyle = stain;
    pen.fillRect(x - r, y - r, 2 * r, 2 * r);
  }
  // Torn protective film: pale islands with a ragged edge.
  for (let i = 0; i < 9 * wear * wear; i++) {
    const pale = random.chance(0.6);
    pen.fillStyle = pale
      ? shade(base, random.between(8, 22), random.between(0.4, 0.8))
      : shade(base, random.between(-34, -14), random.between(0.35, 0.8));
    const [x, y] = [random.between(0, w), h * random.between(0.35, 0.95)];
    const r = random.between(8, 44);
    ragged(pen, random, x, y, r);
    pen.fill();
    // The edge that has come off stands out from the wall and shades it.
    pen.strokeStyle = 'rgba(30,26,22,0.22)';
    pen.lineWidth = 1;
    pen.stroke();
  }
  if (random.chance(wear * 0.5)) {
    pen.strokeStyle = 'rgba(25,25,30,0.65)';
    pen.lineWidth = 2;
    let [x, y] = [random.between(0, w), h * random.between(0.25, 0.6)];
    pen.beginPath();
    pen.moveTo(x, y);
    for (let i = 0; i < 26; i++) {
      x += random.between(-16, 20);
      y += random.between(-18, 18);
      pen.lineTo(x, y);
    }
    pen.stroke();
  }
}
