import { expect, it } from 'vitest';
import { ffmpegArguments } from './command.ts';

it('puts options before what they belong to, and leaves those with spaces in one piece', () => {
  const args = ffmpegArguments({
    input: { target: 'file:/a b/c.mp4', options: ['-re'] },
    outputs: [
      { target: 'pipe:1', options: ['-vf', 'scale=2:2, fps=5', '-f', 'rawvideo'] },
      { target: 'pipe:3', options: ['-f', 'mpegts'] },
    ],
  });
  expect(args).toEqual([
    ...['-hide_banner', '-nostdin', '-re', '-i', 'file:/a b/c.mp4'],
    ...['-y', '-vf', 'scale=2:2, fps=5', '-f', 'rawvideo', 'pipe:1'],
    ...['-y', '-f', 'mpegts', 'pipe:3'],
  ]);
});
