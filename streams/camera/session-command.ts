import { ffmpegArguments, type OutputSpec } from '../ffmpeg/command.ts';
import { copyVideo } from '../ffmpeg/copy-video.ts';
import type { Input } from '../ffmpeg/input.ts';
import type { PictureSize } from '../ffmpeg/size.ts';

export interface SessionPlan {
  readonly input: Input;
  /** Pictures per second to hand on at most. */
  readonly fps: number;
  readonly size: PictureSize;
  /** Codecs as the camera sends them; audio undefined: none, or not wanted. */
  readonly video: string;
  readonly audio: string | undefined;
  /** Look at key frames only: for a camera that floods. */
  readonly keyFramesOnly: boolean;
}

/** What a transport stream can carry, and clips and the live view be made of. */
const RING_CODECS: ReadonlySet<string> = new Set(['h264', 'hevc', 'mpeg4', 'mpeg2video']);

export const canKeep = (videoCodec: string): boolean => RING_CODECS.has(videoCodec);

/**
 * One ffmpeg for one connection to the camera, with up to two outputs:
 * pipe:1 RGB24 pictures, pipe:3 the camera's own stream for the ring, from which clips and the live view are made.
 */
export function sessionArguments(plan: SessionPlan): string[] {
  const outputs: OutputSpec[] = [frames(plan)];
  if (canKeep(plan.video)) outputs.push(ring(plan));
  const decode = ['-threads', '1', ...(plan.keyFramesOnly ? ['-skip_frame', 'nokey'] : [])];
  return ffmpegArguments({
    input: {
      target: plan.input.target,
      options: ['-loglevel', 'warning', ...decode, ...plan.input.options],
    },
    outputs,
  });
}

/**
 * The first picture of each 1/fps second of wall-clock time. Not the `fps` filter: that repeats pictures of a slow
 * camera, and believes the times a camera sends. `setpts` puts the time of arrival in their place, so that a camera
 * whose clock jumps, stands still or races gives as many pictures as any other.
 */
function frames({ fps, size }: SessionPlan): OutputSpec {
  const filters = [
    'setpts=(RTCTIME-RTCSTART)/(TB*1000000)',
    `select='isnan(prev_selected_t)+not(eq(floor(t*${fps})\\,floor(prev_selected_t*${fps})))'`,
    `scale=${size.width}:${size.height}:flags=bilinear`,
  ].join(',');
  return {
    target: 'pipe:1',
    options: [
      ...['-map', '0:v:0', '-vf', filters, '-fps_mode', 'passthrough'],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24'],
    ],
  };
}

function ring(plan: SessionPlan): OutputSpec {
  const format = ['-f', 'mpegts', '-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1'];
  return { target: 'pipe:3', options: [...copied(plan), ...format] };
}

/** Pictures as they are; sound as AAC, which is all that browsers play, copied where it is that already. */
function copied({ input, audio, keyFramesOnly }: SessionPlan): string[] {
  const video = copyVideo(input, keyFramesOnly ? ['noise=drop=not(key)'] : []);
  if (!audio) return video;
  const sound =
    audio === 'aac' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-ac', '1', '-ar', '16000', '-b:a', '32k'];
  // Sound that is late must not hold back the pictures for the 10 s that are ffmpeg's default.
  return [...video, '-map', '0:a:0', ...sound, '-max_interleave_delta', '500000'];
}
