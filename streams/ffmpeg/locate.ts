import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CabinwatchError } from '../../core/index.ts';

const run = promisify(execFile);

export type FfmpegProgram = 'ffmpeg' | 'ffprobe';

/** Where the program is: `FFMPEG_PATH` or `FFPROBE_PATH` if set, else whatever the search path holds. */
export function programPath(program: FfmpegProgram, env: NodeJS.ProcessEnv = process.env): string {
  return env[`${program.toUpperCase()}_PATH`] || program;
}

export function missingProgram(program: FfmpegProgram, cause?: unknown): CabinwatchError {
  return new CabinwatchError(
    'DEPENDENCY_MISSING',
    `${program} was not found. Install it (Debian, Ubuntu: apt-get install ffmpeg) or set ${program.toUpperCase()}_PATH.`,
    { cause },
  );
}

export interface FfmpegVersion {
  readonly path: string;
  /** As the program says it, such as `5.1.9-0+deb12u1`. */
  readonly version: string;
  /** Undefined for builds from a git snapshot, which carry no number. */
  readonly major: number | undefined;
}

/** @throws CabinwatchError DEPENDENCY_MISSING */
export async function ffmpegVersion(
  program: FfmpegProgram = 'ffmpeg',
  env: NodeJS.ProcessEnv = process.env,
): Promise<FfmpegVersion> {
  const path = programPath(program, env);
  try {
    const { stdout } = await run(path, ['-version'], { timeout: 10_000 });
    const version = /version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
    const major = /^n?(\d+)\./.exec(version)?.[1];
    return { path, version, major: major === undefined ? undefined : Number(major) };
  } catch (error) {
    throw missingProgram(program, error);
  }
}

/** The `option` lines of an ffconcat script, by which addresses are handed over, came with 5.0. */
export const MINIMUM_FFMPEG_MAJOR = 5;
