import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, DeepReadonly } from '../../config/index.ts';
import type { IncidentChange, Logger, MediaStore } from '../../core/index.ts';
import type { Camera } from '../../streams/index.ts';

export interface EvidenceDeps {
  readonly cameras: ReadonlyMap<string, Pick<Camera, 'snapshot' | 'clip'>>;
  readonly media: MediaStore;
  readonly clips: DeepReadonly<Config>['clips'];
  readonly logger: Logger;
}

export interface EvidenceKeeper {
  /** A snapshot of every incident that opens, and a clip around its beginning. */
  take(change: IncidentChange): void;
  /** Waits for what is under way; clips that are still to be recorded are cut short. */
  close(): Promise<void>;
}

/** What cannot be had, such as the picture of a camera that is away, is missing from the incident and no more. */
export function keepEvidence({ cameras, media, clips, logger }: EvidenceDeps): EvidenceKeeper {
  const underWay = new Set<Promise<void>>();
  const abort = new AbortController();

  function run(liftId: string, what: string, work: () => Promise<void>): void {
    const done = work()
      .catch((error: Error) => {
        if (!abort.signal.aborted)
          logger.warn({ liftId, what, detail: error.message }, 'evidence is missing');
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  async function snapshot({ incident }: IncidentChange, camera: Pick<Camera, 'snapshot'>): Promise<void> {
    const { jpeg, ts } = await camera.snapshot();
    const about = { liftId: incident.liftId, incidentId: incident.id, takenAt: ts };
    await media.save({ kind: 'snapshot', mime: 'image/jpeg', ...about }, jpeg);
  }

  async function clip({ incident, at }: IncidentChange, camera: Pick<Camera, 'clip'>): Promise<void> {
    const path = join(tmpdir(), `cabinwatch-clip-${randomUUID()}.mp4`);
    const [beforeMs, afterMs] = [clips.before * 1000, clips.after * 1000];
    try {
      const made = await camera.clip({ at, beforeMs, afterMs, path, signal: abort.signal });
      const about = { liftId: incident.liftId, incidentId: incident.id, takenAt: made.from };
      await media.save({ kind: 'clip', mime: 'video/mp4', ...about }, await readFile(path));
    } finally {
      await rm(path, { force: true });
    }
  }

  return {
    take(change) {
      const { liftId } = change.incident;
      const camera = cameras.get(liftId);
      if (change.change !== 'opened' || !camera) return;
      run(liftId, 'snapshot', () => snapshot(change, camera));
      run(liftId, 'clip', () => clip(change, camera));
    },
    async close() {
      abort.abort();
      await Promise.allSettled(underWay);
    },
  };
}
