import type { Clock, Frame, FramePool } from '../../core/index.ts';
import { FrameCutter } from '../ffmpeg/frame-cutter.ts';
import { openPicturePipe } from '../ffmpeg/picture-pipe.ts';
import { startProcess } from '../ffmpeg/process.ts';
import type { Redactor } from '../ffmpeg/redactor.ts';
import { CameraFaultError, faultOfMessages } from './fault.ts';
import { type SessionPlan, sessionArguments } from './session-command.ts';

export interface SessionOptions {
  readonly plan: SessionPlan;
  readonly liftId: string;
  /** The camera's address without secrets, for messages. */
  readonly where: string;
  readonly redact: Redactor;
  readonly pool: FramePool;
  readonly clock: Clock;
  readonly onFrame: (frame: Frame) => void;
  /** Bytes of the transport stream, as the camera's own pictures come. */
  readonly onStream: (chunk: Buffer) => void;
}

/** One connection to a camera: an ffmpeg and the pipes that come out of it. */
export interface CameraSession {
  readonly pid: number | undefined;
  /** Resolves, never rejects, with the reason for the end; the process is gone by then. */
  readonly ended: Promise<CameraFaultError>;
  /** Ends it; `ended` then gives `fault`. */
  stop(fault: CameraFaultError): Promise<void>;
}

/**
 * Behind the service itself, so that a flood cannot starve it, and before the models (7): on a machine that does not keep
 * up looks are then skipped, which is counted, while pictures that wait unread would age unnoticed.
 */
const CAMERA_NICENESS = 2;

export async function startSession(options: SessionOptions): Promise<CameraSession> {
  const { plan, liftId, where, redact, pool, clock } = options;
  const cutter = new FrameCutter({
    liftId,
    ...plan.size,
    pool,
    timeOf: () => clock.now(),
    onFrame: options.onFrame,
  });
  // Without a folder for it, pictures come the slower way.
  const pipe = await openPicturePipe(cutter).catch(() => undefined);
  const process = startProcess({
    args: sessionArguments(plan),
    stdin: plan.input.stdin,
    ...(pipe && { output: pipe.programEnd }),
    extraPipe: true,
    redact,
    niceness: CAMERA_NICENESS,
  });
  pipe?.handedOver();
  let stopped: CameraFaultError | undefined;
  process.stdout.on('data', (chunk: Uint8Array) => {
    if (!stopped) cutter.push(chunk);
  });
  process.extra?.on('data', (chunk: Buffer) => {
    if (!stopped) options.onStream(chunk);
  });
  const ended = process.exited.then(
    ({ messages }) => stopped ?? faultOfMessages(messages, where),
    (error: Error) => new CameraFaultError('local', error.message, { cause: error }),
  );
  void ended.then(() => pipe?.close());
  return {
    pid: process.pid,
    ended,
    async stop(fault) {
      stopped ??= fault;
      pipe?.close();
      await process.kill();
    },
  };
}
