import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Frame, FramePool, sharedBytes } from '../../core/index.ts';
import { FrameCutter } from './frame-cutter.ts';
import { openPicturePipe } from './picture-pipe.ts';
import { startProcess } from './process.ts';

const SIZE = { width: 320, height: 180 };
const args = [
  ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=3'],
  ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
];

function collector(pool?: FramePool) {
  const pictures: Buffer[] = [];
  const onFrame = (frame: Frame): void => {
    pictures.push(Buffer.from(frame.data));
    frame.close();
  };
  const cutter = new FrameCutter({ liftId: 'a', ...SIZE, timeOf: (i) => i, onFrame, ...(pool && { pool }) });
  return { pictures, cutter };
}

describe('a pipe that reads pictures straight to their place', () => {
  it('gives the same pictures as standard output does, in memory that threads share', async () => {
    const plain = collector();
    const usual = startProcess({ args });
    usual.stdout.on('data', (chunk: Uint8Array) => plain.cutter.push(chunk));
    await usual.exited;

    const shared = collector(new FramePool(2, sharedBytes));
    const pipe = await openPicturePipe(shared.cutter);
    const process = startProcess({ args, output: pipe.programEnd });
    pipe.handedOver();
    await process.exited;
    await expect.poll(() => shared.pictures.length).toBe(30);
    pipe.close();

    expect(plain.pictures).toHaveLength(30);
    expect(shared.pictures.every((picture, i) => picture.equals(plain.pictures[i] as Buffer))).toBe(true);
  });

  it('lets a program end whose pictures nobody takes any more', async () => {
    const { cutter } = collector();
    const pipe = await openPicturePipe(cutter);
    const endless = args.map((arg) => arg.replace(':duration=3', ''));
    const process = startProcess({ args: endless, output: pipe.programEnd });
    pipe.handedOver();
    await expect.poll(() => cutter.count).toBeGreaterThan(0);
    pipe.close();
    await expect(process.exited).resolves.toMatchObject({ code: expect.any(Number) });
  });

  it('leaves nothing in the folder for temporary files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pipes-'));
    vi.stubEnv('TMPDIR', folder);
    const pipe = await openPicturePipe(collector().cutter);
    pipe.handedOver();
    pipe.close();
    expect(await readdir(folder)).toEqual([]);
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
});
