import { readFile } from 'node:fs/promises';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { CabinwatchError } from '../../core/index.ts';

export type VideoCodec = 'h264' | 'h265';

/** RTP clock of all video payloads, ticks a second (RFC 6184 §8.1, RFC 7798 §7.1). */
export const VIDEO_CLOCK = 90_000;

/** One coded picture: its NAL units without start codes or lengths. Times and durations are 90 kHz ticks. */
export interface AccessUnit {
  readonly key: boolean;
  readonly nals: readonly Uint8Array[];
  readonly duration: number;
  /** Presentation minus decoding time: not 0 where the file has B-frames. */
  readonly offset: number;
}

/** The video track of an MP4 file, held in memory: a few megabytes for a cabin clip. */
export interface Clip {
  readonly file: string;
  readonly codec: VideoCodec;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Ticks from the first picture to the start of the next round. */
  readonly duration: number;
  /** VPS (H.265), SPS and PPS, repeated before every key picture as cameras do. */
  readonly parameterSets: readonly Uint8Array[];
  readonly units: readonly AccessUnit[];
}

/**
 * Reads an MP4 file's first H.264 or H.265 track. The first picture must be a key picture.
 * @throws CabinwatchError INPUT_NOT_FOUND, INPUT_EMPTY, INPUT_NOT_VIDEO, INPUT_TRUNCATED
 */
export async function readClip(file: string): Promise<Clip> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CabinwatchError('INPUT_NOT_FOUND', `${file} cannot be read. Name an MP4 file.`, { cause });
  });
  if (bytes.length === 0) throw new CabinwatchError('INPUT_EMPTY', `${file} is empty.`);
  try {
    return parseClip(file, bytes);
  } catch (cause) {
    if (cause instanceof CabinwatchError) throw cause;
    throw new CabinwatchError('INPUT_TRUNCATED', `${file} is damaged or cut short.`, { cause });
  }
}

function parseClip(file: string, bytes: Buffer): Clip {
  const mp4 = createFile();
  const buffer = MP4BoxBuffer.fromArrayBuffer(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    0,
  );
  mp4.appendBuffer(buffer, true);
  mp4.flush();
  const track = mp4.moov ? mp4.getInfo().videoTracks[0] : undefined;
  const trak = mp4.moov?.traks.find((t) => t.tkhd.track_id === track?.id);
  const entry = trak?.mdia.minf.stbl.stsd.entries[0] as SampleDescription | undefined;
  const config = entry && decoderConfig(entry);
  if (!track || !config) {
    throw new CabinwatchError(
      'INPUT_NOT_VIDEO',
      `${file} has no H.264 or H.265 track in an MP4. Convert it, for example with ffmpeg -i IN -c:v libx264 OUT.mp4.`,
    );
  }

  const ticks = (t: number): number => Math.round((t * VIDEO_CLOCK) / track.timescale);
  const units = mp4.getTrackSamplesInfo(track.id).map((s): AccessUnit => {
    if (s.offset + s.size > bytes.length) {
      throw new CabinwatchError('INPUT_TRUNCATED', `${file} is cut short: picture ${s.number} is missing.`);
    }
    const nals = splitNals(bytes.subarray(s.offset, s.offset + s.size), config.lengthSize);
    // Rounded ends, not rounded lengths: no drift over a long round.
    const duration = ticks(s.dts + s.duration) - ticks(s.dts);
    return { key: s.is_sync, nals, duration, offset: ticks(s.cts) - ticks(s.dts) };
  });
  if (!units[0]?.key)
    throw new CabinwatchError('INPUT_NOT_VIDEO', `${file} does not begin with a key picture.`);
  const duration = units.reduce((sum, u) => sum + u.duration, 0);
  return {
    file,
    codec: config.codec,
    width: track.video?.width ?? 0,
    height: track.video?.height ?? 0,
    fps: (units.length * VIDEO_CLOCK) / duration,
    duration,
    parameterSets: config.parameterSets,
    units,
  };
}

interface ParameterSet {
  readonly data: Uint8Array;
}

interface SampleDescription {
  readonly avcC?: {
    readonly lengthSizeMinusOne: number;
    readonly SPS: Iterable<ParameterSet>;
    readonly PPS: Iterable<ParameterSet>;
  };
  readonly hvcC?: {
    readonly lengthSizeMinusOne: number;
    readonly nalu_arrays: Iterable<Iterable<ParameterSet>>;
  };
}

function decoderConfig(
  entry: SampleDescription,
): { codec: VideoCodec; lengthSize: number; parameterSets: Uint8Array[] } | undefined {
  const bytes = (list: Iterable<ParameterSet>): Uint8Array[] => [...list].map((p) => p.data);
  if (entry.avcC) {
    const { lengthSizeMinusOne, SPS, PPS } = entry.avcC;
    return {
      codec: 'h264',
      lengthSize: lengthSizeMinusOne + 1,
      parameterSets: [...bytes(SPS), ...bytes(PPS)],
    };
  }
  if (entry.hvcC) {
    const sets = [...entry.hvcC.nalu_arrays]
      .flatMap(bytes)
      .filter((n) => H265_PARAMETER_SETS.has(nalTypeH265(n)));
    return { codec: 'h265', lengthSize: entry.hvcC.lengthSizeMinusOne + 1, parameterSets: sets };
  }
  return undefined;
}

const H265_PARAMETER_SETS = new Set([32, 33, 34]);
const nalTypeH265 = (nal: Uint8Array): number => ((nal[0] ?? 0) >> 1) & 0x3f;

function splitNals(sample: Buffer, lengthSize: number): Uint8Array[] {
  const nals: Uint8Array[] = [];
  for (let at = 0; at < sample.length; ) {
    const size = sample.readUIntBE(at, lengthSize);
    at += lengthSize;
    if (size === 0 || at + size > sample.length) throw new RangeError('a NAL unit leaves its sample');
    nals.push(sample.subarray(at, at + size));
    at += size;
  }
  return nals;
}
