import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { getPriority, setPriority } from 'node:os';
import { type Duplex, Readable, type Writable } from 'node:stream';
import { type FfmpegProgram, missingProgram, programPath } from './locate.ts';
import { noSecrets, type Redactor } from './redactor.ts';

export interface ProcessOptions {
  readonly program?: FfmpegProgram;
  readonly args: readonly string[];
  /** Written to standard input, which is then closed; `'open'` leaves it to the caller. */
  readonly stdin?: string | 'open';
  /** Takes its standard output, instead of `stdout` of what is returned. */
  readonly output?: Socket;
  /** Open a further pipe, which the process knows as `pipe:3`. */
  readonly extraPipe?: boolean;
  /** Hides what must not be read from the program's messages. */
  readonly redact?: Redactor;
  /** Added to the service's own niceness. */
  readonly niceness?: number;
  readonly env?: NodeJS.ProcessEnv;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of standard error, secrets hidden. */
  readonly messages: readonly string[];
}

export interface FfmpegProcess {
  readonly pid: number | undefined;
  /** Says nothing where `output` was given. */
  readonly stdout: Readable;
  readonly stdin: Writable | undefined;
  /** Reads what the process writes there, and the other way round. */
  readonly extra: Duplex | undefined;
  /** Settles once the process is gone and its messages are read. Rejects only if it could not be started. */
  readonly exited: Promise<ProcessExit>;
  /** Asks it to end, and after `graceMs` makes it. Resolves when it is gone. */
  kill(graceMs?: number): Promise<void>;
  onMessage(listener: (line: string) => void): void;
}

const KEPT_MESSAGES = 30;

/** Starts ffmpeg or ffprobe. Messages are read line by line and only the last few are kept. */
export function startProcess(options: ProcessOptions): FfmpegProcess {
  const program = options.program ?? 'ffmpeg';
  const child = spawn(programPath(program, options.env), [...options.args], {
    stdio: ['pipe', options.output ?? 'pipe', 'pipe', ...(options.extraPipe ? (['pipe'] as const) : [])],
    windowsHide: true,
  });
  if (child.pid !== undefined && options.niceness) lowerPriority(child.pid, options.niceness);
  feedStdin(child, options.stdin);

  const listeners: ((line: string) => void)[] = [];
  const messages: string[] = [];
  const redact = options.redact ?? noSecrets;
  readLines(child.stderr as Readable, (raw) => {
    const line = redact(raw);
    messages.push(line);
    if (messages.length > KEPT_MESSAGES) messages.shift();
    for (const listener of listeners) listener(line);
  });

  const exited = new Promise<ProcessExit>((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(missingProgram(program, error));
    });
    child.once('close', (code, signal) => resolve({ code, signal, messages }));
  });
  exited.catch(() => {}); // whoever awaits it gets the error; nobody has to

  return {
    pid: child.pid,
    stdout: child.stdout ?? Readable.from([]),
    stdin: options.stdin === 'open' ? (child.stdin as Writable) : undefined,
    extra: (child.stdio[3] as Duplex | undefined) ?? undefined,
    exited,
    kill: (graceMs = 1000) => kill(child, exited, graceMs),
    onMessage: (listener) => void listeners.push(listener),
  };
}

function feedStdin(child: ChildProcess, stdin: ProcessOptions['stdin']): void {
  child.stdin?.on('error', () => {}); // it may end before it has read all: its exit code says why
  if (stdin !== 'open') child.stdin?.end(stdin ?? '');
}

function lowerPriority(pid: number, niceness: number): void {
  try {
    setPriority(pid, Math.min(19, getPriority() + niceness));
  } catch {
    // it may be gone already, and it only makes the machine less fair
  }
}

async function kill(child: ChildProcess, exited: Promise<ProcessExit>, graceMs: number): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    // Unread pipes keep 'close' from coming.
    for (const stream of child.stdio) if (stream && 'resume' in stream) (stream as Readable).resume();
    await exited.catch(() => {});
    clearTimeout(timer);
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? '').slice(-4096); // a line without an end must not grow for ever
    for (const line of lines) if (line) onLine(line);
  });
  stream.on('end', () => {
    if (rest) onLine(rest);
  });
}
