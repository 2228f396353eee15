import type { Frame, FrameSource, Scene } from '../../core/index.ts';
import type { CabinPipeline, Look } from '../pipeline/cabin-pipeline.ts';

/** A source that yields what the test pushes; for tests. */
export interface PushedSource extends FrameSource {
  push(frame: Frame): void;
  end(): void;
  fail(error: Error): void;
}

export function pushedSource(liftId: string): PushedSource {
  const pending: Frame[] = [];
  let ended = false;
  let broken: Error | undefined;
  let wake = (): void => {};
  return {
    liftId,
    push(frame) {
      pending.push(frame);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    fail(error) {
      broken = error;
      wake();
    },
    async *frames() {
      for (;;) {
        const frame = pending.shift();
        if (frame) yield frame;
        else if (broken) throw broken;
        else if (ended) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}

/** A frame without pixels that counts how often it was closed. */
export interface CountedFrame extends Frame {
  readonly closed: number;
}

export function countedFrame(liftId: string, ts: number): CountedFrame {
  let closed = 0;
  return {
    liftId,
    ts,
    width: 0,
    height: 0,
    data: new Uint8Array(0),
    close: () => {
      closed++;
    },
    get closed() {
      return closed;
    },
  };
}

export function bareScene(liftId: string, ts: number): Scene {
  const picture = {
    luma: 0.5,
    contrast: 0.2,
    detail: 0.05,
    motion: 0,
    foreground: 0,
    grey: false,
    identical: false,
  };
  return { liftId, ts, aspect: 1.78, inferred: true, people: [], objects: [], picture };
}

interface OpenLook {
  readonly frame: Frame;
  finish(): void;
  fail(error: Error): void;
}

/** A pipeline whose looks last until the test ends them. */
export interface HeldPipeline extends CabinPipeline {
  /** Frames whose looks began, in order. */
  readonly begun: Frame[];
  /** For each of them, whether it was a hurried look. */
  readonly hurried: boolean[];
  readonly open: OpenLook | undefined;
}

export function heldPipeline(
  liftId: string,
  due: (frame: Frame) => boolean = () => true,
  onBegin: (frame: Frame) => void = () => {},
): HeldPipeline {
  let open: OpenLook | undefined;
  const begun: Frame[] = [];
  const hurries: boolean[] = [];
  const answer = (ts: number): Look => ({
    scene: bareScene(liftId, ts),
    events: [],
    inferences: 2,
    errors: [],
  });
  const look = (frame: Frame, { hurried } = { hurried: false }): Promise<Look> =>
    new Promise((resolve, reject) => {
      begun.push(frame);
      hurries.push(hurried);
      onBegin(frame);
      const finish = (): void => {
        open = undefined;
        resolve(answer(frame.ts));
      };
      const fail = (error: Error): void => {
        open = undefined;
        reject(error);
      };
      open = { frame, finish, fail };
    });
  return {
    liftId,
    begun,
    hurried: hurries,
    get open() {
      return open;
    },
    measure: (frame) => ({ scene: bareScene(liftId, frame.ts), events: [], due: due(frame) }),
    look,
    process: async (frame) => ({ ...(await look(frame)), looked: true }),
    toJSON: () => ({}),
  };
}

/** Lets everything that is ready to run, run. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
