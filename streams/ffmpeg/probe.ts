import type { Input } from './input.ts';
import { type MediaInfo, parseProbe } from './media-info.ts';
import { startProcess } from './process.ts';
import type { Redactor } from './redactor.ts';

export interface ProbeOptions {
  readonly redact?: Redactor;
  /** Default 15 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What ffprobe found, if anything, and what it had to say (secrets hidden). */
export interface ProbeResult {
  readonly info: MediaInfo | undefined;
  readonly messages: readonly string[];
  readonly timedOut: boolean;
}

/**
 * Asks ffprobe what an input holds. That nothing is found is a result, since only the caller knows what it means.
 * @throws CabinwatchError DEPENDENCY_MISSING
 */
export async function probe(input: Input, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { redact, signal, timeoutMs = 15_000 } = options;
  const process = startProcess({
    program: 'ffprobe',
    args: [
      '-v',
      'error',
      '-of',
      'json',
      '-show_format',
      '-show_streams',
      ...(input.probeOptions ?? input.options),
      '-i',
      input.target,
    ],
    stdin: input.stdin,
    ...(redact && { redact }),
  });
  let timedOut = false;
  const stop = (): void => void process.kill();
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const parts: Buffer[] = [];
  process.stdout.on('data', (part: Buffer) => parts.push(part));
  try {
    const { messages } = await process.exited;
    return { info: parseProbe(Buffer.concat(parts).toString('utf8')), messages, timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
