import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AnalysisLine } from '../../app/index.ts';
import { CabinwatchError } from '../../core/index.ts';
import { createProgressLine } from '../progress-line.ts';

interface AnalyzeFlags {
  readonly out: string;
  readonly fps: number;
  readonly lift?: string;
  readonly controller?: string;
  readonly annotate?: string;
  readonly lang: 'en' | 'zh';
}

export function addAnalyzeCommand(program: Command): void {
  program
    .command('analyze')
    .summary('run a video file through the pipeline and write what was seen')
    .description(
      'Runs a video file through the same pipeline as live cameras, faster than real time, and writes one JSON\n' +
        'object per line: occupancy changes, behaviours, incidents, and a summary last. Times are seconds from the start.',
    )
    .argument('<video>', 'a video file that ffmpeg can read')
    .requiredOption('-o, --out <file>', 'where the JSON lines go; - for standard output')
    .option('--fps <n>', 'pictures a second to look at', positiveNumber, 10)
    .option('--lift <file>', "YAML with this lift's own thresholds")
    .option('--controller <file>', 'JSON lines of controller messages, each with t in seconds')
    .option('--annotate <file>', 'also write an MP4 with boxes, poses, ids and events drawn on')
    .addOption(
      new Option('--lang <language>', 'the language of what is written in words')
        .choices(['en', 'zh'])
        .default('en'),
    )
    .action(async (video: string, flags: AnalyzeFlags) => {
      const stop = new AbortController();
      const interrupt = (): void => stop.abort();
      process.once('SIGINT', interrupt);
      try {
        await analyze(video, flags, stop.signal);
      } finally {
        process.off('SIGINT', interrupt);
      }
    });
}

async function analyze(video: string, flags: AnalyzeFlags, signal: AbortSignal): Promise<void> {
  const { analyzeFile } = await import('../../app/index.ts');
  const progress = createProgressLine(process.stderr, () => performance.now());
  const sink = await createLineSink(flags.out);
  try {
    const lines = analyzeFile({
      path: video,
      fps: flags.fps,
      liftFile: flags.lift,
      controllerFile: flags.controller,
      annotatePath: flags.annotate,
      language: flags.lang,
      signal,
      onNotice: (text) => progress.print(text),
      onProgress: ({ mediaSeconds, totalSeconds, wallSeconds }) => {
        const speed = (mediaSeconds / Math.max(wallSeconds, 0.001)).toFixed(1);
        const of = totalSeconds === undefined ? '' : ` of ${totalSeconds.toFixed(1)}`;
        progress.update(`analyzed ${mediaSeconds.toFixed(1)}${of} s, ${speed} times real time`);
      },
    });
    for await (const line of lines) await sink.write(line);
    await sink.finish();
  } catch (error) {
    await sink.abandon();
    if (signal.aborted) throw new CabinwatchError('CLOSED', 'Interrupted; nothing was written.');
    throw error;
  } finally {
    progress.clear();
  }
}

interface LineSink {
  write(line: AnalysisLine): Promise<void>;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

/** A file appears under its name only when it is complete, so that a half one is never taken for the whole. */
async function createLineSink(path: string): Promise<LineSink> {
  if (path === '-') {
    const write = async (line: AnalysisLine): Promise<void> =>
      void process.stdout.write(`${JSON.stringify(line)}\n`);
    return { write, finish: async () => {}, abandon: async () => {} };
  }
  const partial = `${path}.partial`;
  // At once: that nothing can be written there is not to be heard after the work.
  const file = await openForWriting(partial, path);
  return {
    async write(line) {
      await file.write(`${JSON.stringify(line)}\n`);
    },
    async finish() {
      await file.close();
      await rename(partial, path);
    },
    async abandon() {
      await file.close();
      await rm(partial, { force: true });
    },
  };
}

async function openForWriting(partial: string, path: string): Promise<FileHandle> {
  try {
    return await open(partial, 'w');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CabinwatchError('OUTPUT_FAILED', `${path} can't be written: ${reason}`, { cause });
  }
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 60)) throw new InvalidArgumentError('expected a number above 0, at most 60.');
  return value;
}
