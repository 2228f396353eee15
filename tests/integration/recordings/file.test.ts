import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CallRecording, mendRecording, startCallRecording } from '../../../streams/index.ts';
import { colours, GREEN, measure, plain, RED, tone, toneShares } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-recording-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const startedAt = Date.UTC(2026, 0, 31, 12, 0, 0);

/** Time that a test owns; sound and pictures arrive in it as from a call. */
class Line {
  now = 0;
  readonly recording: CallRecording;

  constructor(path: string, maxMs = 3_600_000) {
    this.recording = startCallRecording({ path, fps: 10, startedAt, maxMs }, { steady: () => this.now });
  }

  /** Both sides until then; what `shows` leaves out is away. */
  play(until: number, shows: { cabin?: [number, number]; operator?: [number, number] }): void {
    for (; this.now < until; this.now += 10) {
      const n = this.now / 10;
      if (shows.cabin) this.recording.sound('cabin', tone(n, 440));
      if (shows.operator) this.recording.sound('operator', tone(n, 1_250));
      if (n % 7 !== 0) continue;
      if (shows.cabin) this.recording.picture('cabin', plain(...shows.cabin, GREEN));
      if (shows.operator) this.recording.picture('operator', plain(...shows.operator, RED));
    }
  }
}

const isGreen = ([r, g, b]: readonly number[]): boolean => g! > 180 && r! < 80 && b! < 80;
const isRed = ([r, g, b]: readonly number[]): boolean => r! > 180 && g! < 80 && b! < 80;
const isBlack = (rgb: readonly number[]): boolean => rgb.every((value) => value < 30);

describe('the file of a call', () => {
  it('has both sides in step through a late start, another size, a gap and an early end', async () => {
    const path = join(folder, 'both.mp4');
    const line = new Line(path);
    // Nothing is written before the timer runs, so that a test's seconds may go by at once.
    line.play(500, {});
    line.play(1_500, { cabin: [320, 180] });
    line.play(2_500, { cabin: [320, 180], operator: [320, 240] });
    line.play(3_500, { cabin: [640, 360], operator: [320, 240] });
    line.play(4_000, { operator: [320, 240] });
    line.play(4_500, { cabin: [160, 90] });
    await line.recording.close();
    expect(await mendRecording(path, startedAt)).toBeCloseTo(4_500, -2);
    expect(await measure(path)).toEqual({
      durationMs: expect.closeTo(4_500, -2),
      createdAt: startedAt,
      size: '320x180',
      codecs: { video: 'h264', audio: 'aac' },
    });

    const [left, right] = [await toneShares(path, 0, 440), await toneShares(path, 1, 1_250)];
    const on = (shares: number[], from: number, to: number): number =>
      Math.min(...shares.slice(from / 100 + 1, to / 100 - 1));
    const off = (shares: number[], from: number, to: number): number =>
      Math.max(...shares.slice(from / 100 + 1, to / 100 - 1));
    expect(on(left, 500, 3_500)).toBeGreaterThan(0.95);
    expect(on(left, 4_000, 4_500)).toBeGreaterThan(0.95);
    expect(on(right, 1_500, 4_000)).toBeGreaterThan(0.95);
    for (const quiet of [off(left, 0, 500), off(left, 3_500, 4_000), off(right, 0, 1_500)])
      expect(quiet).toBeLessThan(0.2);
    // Neither side is heard on the other's channel.
    expect(Math.max(...(await toneShares(path, 1, 440)))).toBeLessThan(0.05);

    const [cabin, corner] = [await colours(path, '100:100:20:20'), await colours(path, '20:20:270:145')];
    expect(cabin.slice(0, 4).every(isBlack)).toBe(true);
    expect(cabin.slice(6).every(isGreen)).toBe(true);
    expect(corner.slice(6, 14).every(isGreen)).toBe(true);
    expect(corner.slice(16, 39).every(isRed)).toBe(true);
  }, 20_000);

  it('is there also where nothing was seen or heard', async () => {
    const path = join(folder, 'nothing.mp4');
    const line = new Line(path);
    line.play(3_200, {});
    await line.recording.close();
    expect(await mendRecording(path, startedAt)).toBeCloseTo(3_200, -2);
    expect((await measure(path)).size).toBe('640x360');
  }, 20_000);

  it('ends by itself at its longest, and says so', async () => {
    const path = join(folder, 'long.mp4');
    const line = new Line(path, 2_000);
    line.play(3_000, { cabin: [320, 180] });
    expect((await line.recording.failed).message).toMatch(/as long as it may get/);
    await line.recording.close();
    expect(await mendRecording(path, startedAt)).toBeCloseTo(2_000, -2);
  }, 20_000);

  it('keeps what was written when its encoder is killed', async () => {
    const path = join(folder, 'killed.mp4');
    const line = new Line(path);
    line.play(6_000, { cabin: [320, 180], operator: [320, 240] });
    await expect.poll(() => sizeOf(path), { timeout: 5_000 }).toBeGreaterThan(20_000);
    process.kill(writerOf(path), 'SIGKILL');
    expect(await line.recording.failed).toMatchObject({ code: 'OUTPUT_FAILED' });
    await line.recording.close();
    expect(await mendRecording(path, startedAt)).toBeGreaterThan(1_000);
    expect(Math.max(...(await toneShares(path, 1, 1_250)))).toBeGreaterThan(0.95);
  }, 20_000);

  it('says that the disk is full', async () => {
    const line = new Line('/dev/full');
    // ffmpeg ends only once it has read what comes next.
    const goesOn = setInterval(() => line.play(line.now + 100, { cabin: [320, 180] }), 10);
    expect(await line.recording.failed).toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringMatching(/No space left on device/),
    });
    clearInterval(goesOn);
    await line.recording.close();
  }, 20_000);
});

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
};

/** The process of ours that writes the file. */
function writerOf(path: string): number {
  const isWriter = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(`file:${path}`);
    } catch {
      return false; // it has ended meanwhile
    }
  };
  const [pid] = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isWriter(name));
  if (!pid) throw new Error(`nobody writes ${path}`);
  return Number(pid);
}
