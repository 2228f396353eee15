import { describe, expect, it } from 'vitest';
import { addressInput } from '../ffmpeg/input.ts';
import { type SessionPlan, sessionArguments } from './session-command.ts';

const plan = (changes: Partial<SessionPlan> = {}): string =>
  sessionArguments({
    input: addressInput('rtsp://admin:hunter22@cam/1', { rtsp_transport: 'tcp' }),
    fps: 5,
    size: { width: 640, height: 360 },
    video: 'h264',
    audio: undefined,
    keyFramesOnly: false,
    ...changes,
  }).join(' ');

describe('sessionArguments', () => {
  it.each(['h264', 'hevc'])('has two outputs for %s, and nothing of the password', (video) => {
    const line = plan({ video });
    for (const part of ['pipe:1', 'pipe:3']) expect(line).toContain(part);
    expect(line).not.toContain('hunter22');
    expect(line).not.toContain('-c:a');
  });

  it('takes only pictures of what a transport stream cannot carry', () => {
    expect(plan({ video: 'mjpeg' })).not.toContain('pipe:3');
  });

  it('copies AAC and makes AAC of any other sound', () => {
    expect(plan({ audio: 'aac' })).toContain('-c:a copy');
    expect(plan({ audio: 'pcm_alaw' })).toContain('-c:a aac');
  });

  it('decodes and hands on key frames alone for a camera that floods', () => {
    expect(plan()).not.toContain('nokey');
    expect(plan({ keyFramesOnly: true })).toMatch(/-skip_frame nokey.*noise=drop=not\(key\)/);
  });
});
