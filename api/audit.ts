import type { Actor, AuditLog, Clock } from '../core/index.ts';

/** Writes down who did what. What is about to be done is written first: an act without a record must not be. */
export type Recorder = (
  actor: Actor,
  action: string,
  subject: string,
  data?: Readonly<Record<string, unknown>>,
) => Promise<void>;

export function createRecorder(log: AuditLog | undefined, clock: Clock): Recorder {
  return async (actor, action, subject, data = {}) => {
    await log?.append({ at: clock.now(), actor, action, subject, data });
  };
}
