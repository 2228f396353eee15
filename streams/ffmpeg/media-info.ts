import type { PictureSize } from './size.ts';

export interface VideoInfo extends PictureSize {
  /** ffmpeg's name: `h264`, `hevc`, … */
  readonly codec: string;
  readonly profile: string | undefined;
  /** Average pictures per second; undefined where neither container nor stream says. */
  readonly fps: number | undefined;
  /** How many pictures are held back to put them in order; above 0 means B-frames. */
  readonly bFrames: number;
  /** Length of the video itself where the container tells it, ms. */
  readonly durationMs: number | undefined;
}

export interface AudioInfo {
  readonly codec: string;
  readonly sampleRate: number | undefined;
  readonly channels: number | undefined;
}

export interface MediaInfo {
  readonly format: string;
  readonly durationMs: number | undefined;
  /** The first moving picture; cover art does not count. Width and height are as shown, after any rotation. */
  readonly video: VideoInfo | undefined;
  readonly audio: AudioInfo | undefined;
}

interface ProbeStream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly profile?: string;
  readonly width?: number;
  readonly height?: number;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly has_b_frames?: number;
  readonly duration?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly disposition?: { readonly attached_pic?: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

interface ProbeOutput {
  readonly streams?: readonly ProbeStream[];
  readonly format?: { readonly format_name?: string; readonly duration?: string };
}

/** ffmpeg draws plain text as if it were a terminal's picture, so any text file is "video" to it. */
const TEXT_CODECS: ReadonlySet<string> = new Set(['ansi', 'bintext', 'xbin', 'idf']);

/** Reads ffprobe's JSON; undefined when it holds no stream at all. */
export function parseProbe(json: string): MediaInfo | undefined {
  let output: ProbeOutput;
  try {
    output = JSON.parse(json) as ProbeOutput;
  } catch {
    return undefined;
  }
  const streams = (output.streams ?? []).filter((s) => !TEXT_CODECS.has(s.codec_name ?? ''));
  if (streams.length === 0) return undefined;
  const video = streams.find(
    (s) => s.codec_type === 'video' && s.disposition?.attached_pic !== 1 && s.width && s.height,
  );
  // An FLV stream announces sound whether it has any or not.
  const audio = streams.find((s) => s.codec_type === 'audio' && s.codec_name && s.codec_name !== 'unknown');
  return {
    format: output.format?.format_name ?? 'unknown',
    durationMs: milliseconds(output.format?.duration),
    video: video && videoInfo(video),
    audio: audio && {
      codec: audio.codec_name ?? 'unknown',
      sampleRate: positive(audio.sample_rate),
      channels: audio.channels,
    },
  };
}

function videoInfo(stream: ProbeStream): VideoInfo {
  const size = { width: stream.width ?? 0, height: stream.height ?? 0 };
  const rotation = Math.abs(stream.side_data_list?.find((d) => d.rotation !== undefined)?.rotation ?? 0);
  const turned = rotation % 180 === 90;
  return {
    codec: stream.codec_name ?? 'unknown',
    profile: stream.profile,
    width: turned ? size.height : size.width,
    height: turned ? size.width : size.height,
    fps: ratio(stream.avg_frame_rate) ?? ratio(stream.r_frame_rate),
    bFrames: stream.has_b_frames ?? 0,
    durationMs: milliseconds(stream.duration) ?? clockTime(stream.tags?.DURATION),
  };
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return value > 0 ? value : undefined;
}

function milliseconds(seconds: string | undefined): number | undefined {
  const value = positive(seconds);
  return value === undefined ? undefined : value * 1000;
}

function ratio(text: string | undefined): number | undefined {
  const [above, below] = (text ?? '').split('/').map(Number);
  const value = above && below ? above / below : 0;
  // 90000/1 and the like are the time base of a stream that does not say its rate.
  return value > 0 && value <= 1000 ? value : undefined;
}

/** Matroska writes a stream's length as a tag, `00:00:12.345000000`. */
function clockTime(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d+):([\d.]+)$/.exec(text ?? '');
  if (!match) return undefined;
  return (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000;
}
