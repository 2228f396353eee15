import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createFrame } from '../../core/index.ts';
import { paintFigure } from '../fixtures/painted-figure.ts';

const [WIDTH, HEIGHT, FPS] = [640, 360, 15];
const FOLDER = join(import.meta.dirname, '../../.cache/fixtures');

/** Who is in the painted cabin: nobody for 4 s, one person from then on, alone again after 12 s. */
export const CLIP_SECONDS = 16;
const INSIDE = { from: 4, to: 12 } as const;

/** An MP4 of a cabin painted by us, in which somebody walks in, sways, and walks out; made once. */
export async function cabinClip(): Promise<string> {
  const path = join(FOLDER, 'painted-cabin-1.mp4');
  if (await stat(path).catch(() => undefined)) return path;
  await mkdir(FOLDER, { recursive: true });
  const draft = join(FOLDER, `painted-cabin.${process.pid}.mp4`);
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${WIDTH}x${HEIGHT}`,
    '-r',
    String(FPS),
    '-i',
    'pipe:0',
  ];
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', String(FPS), '-pix_fmt', 'yuv420p'];
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-y', ...raw, ...encode, draft], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  for (let i = 0; i < CLIP_SECONDS * FPS; i++) {
    if (!ffmpeg.stdin.write(paint(i))) await once(ffmpeg.stdin, 'drain');
  }
  ffmpeg.stdin.end();
  const [code] = await once(ffmpeg, 'close');
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
  await rename(draft, path);
  return path;
}

function paint(index: number): Uint8Array {
  const t = index / FPS;
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  const frame = createFrame({ liftId: 'painted', ts: t * 1000, width: WIDTH, height: HEIGHT }, data);
  paintCabin(data, index);
  if (t >= INSIDE.from && t < INSIDE.to) {
    const centreX = walk(t) + 8 * Math.sin(t * 2);
    paintFigure(frame, { centreX, top: 35, height: 300 });
  }
  return data;
}

/** In from the left edge within 2 s, out the same way in the last 2 s. */
function walk(t: number): number {
  const share = Math.min(1, (t - INSIDE.from) / 2, (INSIDE.to - t) / 2);
  return -80 + share * (WIDTH / 2 + 80);
}

/** Walls with panels, a floor, and the grain that sensors have: a picture without any counts as frozen. */
function paintCabin(data: Uint8Array, index: number): void {
  let seed = index * 7919 + 1;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const grain = (seed >>> 24) / 32 - 4;
      const floor = y > HEIGHT * 0.86;
      const panel = x % 160 < 4 || (!floor && y % 120 < 2) ? -30 : 0;
      const base = (floor ? 110 : 168 + (x / WIDTH) * 20) + panel + grain;
      const at = (y * WIDTH + x) * 3;
      data[at] = base;
      data[at + 1] = base + (floor ? -6 : 2);
      data[at + 2] = base + (floor ? -16 : 6);
    }
  }
}
