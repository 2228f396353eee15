import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, DeepReadonly } from '../../../config/index.ts';
import { createCallClient } from '../../../console/index.ts';
import type { CallFilm, CallRecord, CallSide, Clock, Logger } from '../../../core/index.ts';
import { type CallRecorder, createCallRecorder, type Signaling } from '../../../signaling/index.ts';
import { type CallRecording, startCallRecording } from '../../../streams/index.ts';
import { type Begun, Finisher, type FinisherDeps } from './finisher.ts';

export interface RecordingsDeps extends FinisherDeps {
  readonly signaling: Pick<Signaling, 'connect' | 'joinToken' | 'setRecording'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Recordings {
  /** Every state of every call. */
  take(record: CallRecord): void;
  /**
   * What a former run has left: its files are kept, in their own time, and calls that still go on are recorded further, in
   * another file. Never throws.
   */
  takeUp(open: () => Promise<readonly CallRecord[]>): Promise<void>;
  /** Ends and keeps what is being recorded; idempotent. */
  close(): Promise<void>;
}

interface Active {
  readonly begun: Begun;
  readonly film: CallRecording;
  recorder: CallRecorder | undefined;
  problem: string | undefined;
  over: boolean;
}

/** By then something of the cabin should have reached the recorder, ms: as long as a call may take to connect. */
const ARRIVAL_MS = 15_000;
const GOING_ON: ReadonlySet<CallRecord['state']> = new Set(['connected', 'degraded', 'reconnecting']);

/** Records calls from the moment they are connected. Whatever goes wrong with it, the call goes on and both sides are told. */
export function keepRecordings(
  options: DeepReadonly<Config['calls']['recording']>,
  deps: RecordingsDeps,
): Recordings {
  const { signaling, folder, clock, logger } = deps;
  const finisher = new Finisher(deps);
  const active = new Map<string, Active>();
  /** What this run has begun, by name: the rest in the folder is a former run's. */
  const own = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const run = (work: Promise<void>): void => {
    const done = work
      .catch((error: unknown) => logger.error({ err: error }, 'a call’s recording stumbled'))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  };

  function begin({ id: callId, liftId, incidentId }: CallRecord): void {
    const startedAt = clock.now();
    const begun: Begun = { callId, liftId, incidentId, startedAt, name: `${callId}-${startedAt}` };
    const { fps, maxMinutes } = options;
    const path = join(folder, `${begun.name}.mp4`);
    const film = startCallRecording({ path, fps, startedAt, maxMs: maxMinutes * 60_000 });
    const call: Active = { begun, film, recorder: undefined, problem: undefined, over: false };
    active.set(callId, call);
    own.add(begun.name);
    void film.failed.then((error) => fail(call, error.message));
    run(listen(call));
  }

  async function listen(call: Active): Promise<void> {
    const { begun, film } = call;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(folder, `${begun.name}.json`), JSON.stringify(begun), { mode: 0o600 });
      const arrivals = watched(film, () => fail(call, 'Nothing of the cabin reaches the recorder.'));
      const recorder = await createCallRecorder(begun.liftId, {
        signaling,
        film: arrivals,
        createClient: createCallClient as never,
        onRefused: (message) => fail(call, message),
        logger,
      });
      call.recorder = recorder;
      if (call.over) recorder.close();
      else if (call.problem === undefined) signaling.setRecording(begun.liftId, begun.callId, 'on');
    } catch (error) {
      fail(call, (error as Error).message);
    }
  }

  function fail(call: Active, problem: string): void {
    const { callId, liftId } = call.begun;
    if (call.over || call.problem !== undefined) return;
    call.problem = problem;
    logger.error({ call: callId, lift: liftId, detail: problem }, 'a call is not recorded as it should be');
    signaling.setRecording(liftId, callId, 'failed');
    run(finisher.note('call.recording-failed', call.begun, { problem }));
  }

  async function keepLeft(): Promise<void> {
    for (const begun of await finisher.left())
      if (!own.has(begun.name)) await finisher.keep(begun, 'The service was cut off in the middle of it.');
  }

  async function end(call: Active, problem: string | undefined): Promise<void> {
    call.over = true;
    call.recorder?.close();
    await call.film.close();
    await finisher.keep(call.begun, problem);
  }

  return {
    take(record) {
      const call = active.get(record.id);
      if (record.state === 'connected' && !call && options.enabled) begin(record);
      if (record.state !== 'ended' || !call) return;
      active.delete(record.id);
      run(end(call, call.problem));
    },
    async takeUp(open) {
      run(keepLeft());
      if (!options.enabled) return;
      try {
        for (const record of await open())
          if (GOING_ON.has(record.state) && !active.has(record.id)) begin(record);
      } catch (error) {
        logger.error({ err: error }, 'which calls go on could not be read; they are not recorded further');
      }
    },
    async close() {
      for (const [callId, call] of active) {
        active.delete(callId);
        run(end(call, call.problem ?? 'The service was stopped in the middle of it.'));
      }
      await Promise.all([...underWay]);
    },
  };
}

/** The same film, and word of it if nothing of the cabin has come in time. */
function watched(film: CallFilm, onNothing: () => void): CallFilm {
  const timer = setTimeout(onNothing, ARRIVAL_MS);
  timer.unref();
  const came = (side: CallSide): void => {
    if (side === 'cabin') clearTimeout(timer);
  };
  return {
    picture(side, picture) {
      came(side);
      film.picture(side, picture);
    },
    sound(side, chunk) {
      came(side);
      film.sound(side, chunk);
    },
  };
}
