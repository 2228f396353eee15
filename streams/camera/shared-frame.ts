import { createFrame, type Frame } from '../../core/index.ts';

/**
 * Splits one frame among several holders without copying its pixels: each gets a frame of its own to close, and the
 * buffer goes back to its pool with the last.
 */
export function shareFrame(frame: Frame, holders: number): Frame[] {
  if (holders === 0) frame.close();
  let open = holders;
  const { liftId, ts, width, height } = frame;
  return Array.from({ length: holders }, () =>
    createFrame({ liftId, ts, width, height }, frame.data, () => {
      if (--open === 0) frame.close();
    }),
  );
}
