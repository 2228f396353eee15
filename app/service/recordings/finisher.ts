import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Actor,
  type AuditLog,
  CabinwatchError,
  type Clock,
  type Logger,
  type MediaStore,
} from '../../../core/index.ts';
import { mendRecording } from '../../../streams/index.ts';

/** A recording that has begun: written beside its file, so that the next start knows what it is. */
export interface Begun {
  /** Of its files in the folder, without an ending. */
  readonly name: string;
  readonly callId: string;
  readonly liftId: string;
  readonly incidentId?: string | undefined;
  readonly startedAt: number;
}

export interface FinisherDeps {
  /** Absolute, on the file system of the media: what is recorded grows here. */
  readonly folder: string;
  readonly media: Pick<MediaStore, 'adopt'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RECORDER: Actor = Object.freeze({ kind: 'service', id: 'recorder', name: 'recorder' });

/** Makes kept files of what was recorded. What cannot be kept now stays where it is, for the next start. */
export class Finisher {
  readonly #deps: FinisherDeps;

  constructor(deps: FinisherDeps) {
    this.#deps = deps;
  }

  /** @param problem why it ends before its call does */
  async keep(begun: Begun, problem: string | undefined): Promise<void> {
    const { folder, media, logger } = this.#deps;
    const { name, callId, liftId, incidentId, startedAt } = begun;
    const path = join(folder, `${name}.mp4`);
    try {
      const durationMs = await mendRecording(path, startedAt);
      const recording = { callId, durationMs, ...(problem !== undefined && { problem }) };
      const about = { liftId, incidentId, takenAt: startedAt, mime: 'video/mp4', recording };
      const { id, bytes } = await media.adopt({ kind: 'recording', ...about }, path);
      await rm(join(folder, `${name}.json`), { force: true });
      await this.note('call.recorded', begun, { recording: id, bytes, durationMs });
    } catch (error) {
      logger.error({ err: error, call: callId, lift: liftId }, 'a recorded call could not be kept');
      if (!(error instanceof CabinwatchError && error.code === 'MEDIA_UNAVAILABLE')) return;
      // A call of half a second may be over before anything of it arrives: that it has no recording is on record too.
      await this.note('call.recording-failed', begun, { problem: error.message });
      for (const ending of ['mp4', 'json']) await rm(join(folder, `${name}.${ending}`), { force: true });
    }
  }

  /** What lies there, begun and not kept. */
  async left(): Promise<Begun[]> {
    const { folder, logger } = this.#deps;
    const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json'));
    const left: Begun[] = [];
    for (const file of files) {
      try {
        left.push(JSON.parse(await readFile(join(folder, file), 'utf8')) as Begun);
      } catch (error) {
        logger.error({ err: error, file }, 'a recording of a former run cannot be understood');
      }
    }
    return left;
  }

  async note(action: string, { callId, liftId, incidentId }: Begun, data: object): Promise<void> {
    await this.#deps.audit.append({
      at: this.#deps.clock.now(),
      actor: RECORDER,
      action,
      subject: `lift/${liftId}`,
      data: { call: callId, ...(incidentId !== undefined && { incidentId }), ...data },
    });
  }
}
