import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CabinwatchError } from '../../core/index.ts';
import { ffmpegVersion, MINIMUM_FFMPEG_MAJOR } from '../../streams/index.ts';
import type { Finding } from './finding.ts';

const run = promisify(execFile);

type Facility = 'decoders' | 'encoders' | 'muxers' | 'demuxers' | 'protocols' | 'filters';

/** What the streams use; a distribution's ffmpeg has all of it, a hand-built one may not. */
export const NEEDED: Readonly<Record<Facility, readonly string[]>> = Object.freeze({
  decoders: ['h264', 'hevc', 'mjpeg', 'aac'],
  encoders: ['libx264', 'mjpeg', 'aac', 'rawvideo'],
  muxers: ['flv', 'mp4', 'mpegts', 'rawvideo', 'image2'],
  demuxers: ['rtsp', 'flv', 'concat', 'mp4'],
  protocols: ['file', 'pipe', 'tcp', 'udp', 'rtp', 'rtmp'],
  filters: ['fps', 'scale'],
});

/** The names in one of ffmpeg's listings; protocols are bare names, all else a column of flags and the name. */
export function parseListing(facility: Facility, text: string): ReadonlySet<string> {
  const lines = text.split('\n');
  const names = lines.flatMap((line) => {
    const match =
      facility === 'protocols' ? /^\s+(\S+)\s*$/.exec(line) : /^\s+[A-Z.|]+\s+([^\s=]+)/.exec(line);
    // One reader may have several names: `mov,mp4,m4a`.
    return match?.[1]?.split(',') ?? [];
  });
  return new Set(names);
}

export async function checkFfmpeg(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const [ffmpeg] = await Promise.all([ffmpegVersion('ffmpeg', env), ffmpegVersion('ffprobe', env)]);
    const missing = await missingParts(ffmpeg.path);
    return [judgeVersion(ffmpeg.version, ffmpeg.major), judgeParts(missing)];
  } catch (error) {
    if (!(error instanceof CabinwatchError)) throw error;
    return [
      {
        id: 'ffmpeg',
        level: 'change',
        text: { en: 'ffmpeg or ffprobe was not found.', zh: '找不到 ffmpeg 或 ffprobe。' },
        remedy: {
          en: 'Install it (Debian, Ubuntu: apt-get install ffmpeg) or set FFMPEG_PATH and FFPROBE_PATH.',
          zh: '请安装 ffmpeg（Debian、Ubuntu：apt-get install ffmpeg），或设置 FFMPEG_PATH 和 FFPROBE_PATH。',
        },
      },
    ];
  }
}

async function missingParts(path: string): Promise<string[]> {
  const facilities = Object.keys(NEEDED) as Facility[];
  const missing = facilities.map(async (facility) => {
    const { stdout } = await run(path, ['-hide_banner', `-${facility}`], { maxBuffer: 8 << 20 });
    const present = parseListing(facility, stdout);
    return NEEDED[facility]
      .filter((name) => !present.has(name))
      .map((name) => `${facility.slice(0, -1)} ${name}`);
  });
  return (await Promise.all(missing)).flat();
}

export function judgeVersion(version: string, major: number | undefined): Finding {
  const facts = { version };
  if (major === undefined || major >= MINIMUM_FFMPEG_MAJOR) {
    return { id: 'ffmpeg', level: 'ok', text: { en: `ffmpeg ${version}`, zh: `ffmpeg ${version}` }, facts };
  }
  return {
    id: 'ffmpeg',
    level: 'change',
    text: { en: `ffmpeg ${version} is too old.`, zh: `ffmpeg ${version} 版本过旧。` },
    remedy: {
      en: `Install ffmpeg ${MINIMUM_FFMPEG_MAJOR} or newer (Debian 12, Ubuntu 24.04 and later have it).`,
      zh: `请安装 ffmpeg ${MINIMUM_FFMPEG_MAJOR} 或更高版本（Debian 12、Ubuntu 24.04 及以后版本自带）。`,
    },
    facts,
  };
}

export function judgeParts(missing: readonly string[]): Finding {
  if (missing.length === 0) {
    const text = {
      en: 'ffmpeg has every decoder, encoder, format and protocol that is used',
      zh: 'ffmpeg 具备所需的全部解码器、编码器、封装格式和协议',
    };
    return { id: 'ffmpeg-parts', level: 'ok', text };
  }
  return {
    id: 'ffmpeg-parts',
    level: 'change',
    text: {
      en: `This ffmpeg was built without: ${missing.join(', ')}.`,
      zh: `此 ffmpeg 编译时缺少：${missing.join('、')}。`,
    },
    remedy: {
      en: 'Use the ffmpeg of your distribution, or build it with these.',
      zh: '请使用发行版自带的 ffmpeg，或重新编译并加入以上组件。',
    },
    facts: { missing },
  };
}
