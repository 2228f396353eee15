import { randomInt } from 'node:crypto';
import type { Clip } from './clip.ts';
import type { Fault, RtspSimulatorOptions, SimulatedCameraOptions } from './options.ts';
import { msToTicks, Playback, ticksToMs } from './playback.ts';
import { goodbye, senderReport } from './rtcp.ts';
import { RtpPacketizer } from './rtp.ts';

/** Whoever watches: a connection, with its transport hidden. */
export interface Viewer {
  /** False: too slow; the camera skips this viewer until the next key picture. */
  sendPicture(packets: readonly Buffer[]): boolean;
  sendControl(packet: Buffer): void;
  close(): void;
}

export interface CameraStatus {
  readonly viewers: number;
  readonly fault: Fault;
  /** Epoch ms of the first picture's first sending; undefined before anyone has asked for it. */
  readonly startedAt: number | undefined;
  readonly rounds: number;
  readonly picturesSent: number;
  /** Pictures that a slow viewer did not get. */
  readonly picturesSkipped: number;
}

export type Tuning = Required<Pick<RtspSimulatorOptions, 'floodFactor' | 'slowFactor'>>;

const REPORT_EVERY_MS = 5000;

/** One camera: a clip on a clock, its viewers, and what it suffers. Its clip begins when first watched. */
export class SimulatedCamera {
  readonly options: SimulatedCameraOptions;
  readonly clip: Clip;
  fault: Fault = 'none';
  readonly #tuning: Tuning;
  readonly #viewers = new Map<Viewer, { waiting: boolean; reported: number }>();
  readonly #playback: Playback;
  readonly #rtp: RtpPacketizer;
  readonly #firstTimestamp = randomInt(2 ** 31);
  #startedAt: number | undefined;
  #origin = 0;
  #timer: NodeJS.Timeout | undefined;
  #return: NodeJS.Timeout | undefined;
  #sent = 0;
  #skipped = 0;

  constructor(clip: Clip, options: SimulatedCameraOptions, tuning: Tuning) {
    this.clip = clip;
    this.options = options;
    this.#tuning = tuning;
    this.#playback = new Playback(clip, options.loop ?? true);
    this.#rtp = new RtpPacketizer(clip.codec, randomInt(2 ** 32 - 1), randomInt(2 ** 16));
  }

  get status(): CameraStatus {
    return {
      viewers: this.#viewers.size,
      fault: this.fault,
      startedAt: this.#startedAt,
      rounds: this.#playback.rounds,
      picturesSent: this.#sent,
      picturesSkipped: this.#skipped,
    };
  }

  add(viewer: Viewer): void {
    this.#viewers.set(viewer, { waiting: true, reported: 0 });
    if (this.#startedAt !== undefined) return;
    this.#startedAt = Date.now();
    this.#origin = performance.now();
    this.#schedule();
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  /** @param forMs back to `none` after this long */
  suffer(fault: Fault, forMs?: number): void {
    clearTimeout(this.#return);
    this.fault = fault;
    this.#playback.frozen = fault === 'freeze';
    this.#playback.speed =
      fault === 'flood' ? this.#tuning.floodFactor : fault === 'slow' ? this.#tuning.slowFactor : 1;
    if (fault === 'die' || fault === 'wrong-password') for (const v of [...this.#viewers.keys()]) v.close();
    if (forMs !== undefined) this.#return = setTimeout(() => this.suffer('none'), forMs).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#return);
    this.#timer = undefined;
    for (const viewer of [...this.#viewers.keys()]) {
      viewer.sendControl(goodbye(this.#rtp.ssrc));
      viewer.close();
    }
  }

  #elapsed(): number {
    return performance.now() - this.#origin;
  }

  #schedule(): void {
    const due = this.#playback.next();
    if (!due) {
      this.close();
      return;
    }
    const wait = ticksToMs(due.at) - this.#elapsed();
    // A process that slept does not send all it missed in one burst.
    if (wait < -2000) this.#playback.resumeAt(msToTicks(this.#elapsed()));
    this.#timer = setTimeout(
      () => {
        if (this.fault !== 'hang') this.#send(due.unit, due.pts);
        this.#schedule();
      },
      Math.max(0, wait),
    );
  }

  #send(unit: Clip['units'][number], pts: number): void {
    if (this.#viewers.size === 0) return;
    const nals = unit.key ? [...this.clip.parameterSets, ...unit.nals] : unit.nals;
    const packets = this.#rtp.packets(nals, this.#firstTimestamp + pts);
    for (const [viewer, state] of this.#viewers) {
      if (state.waiting && !unit.key) continue;
      state.waiting = false;
      if (viewer.sendPicture(packets)) this.#sent++;
      else {
        this.#skipped++;
        state.waiting = true;
      }
      // After the picture: readers take the first timestamp they meet, a report's too, for their zero.
      this.#report(viewer, state);
    }
  }

  #report(viewer: Viewer, state: { reported: number }): void {
    const now = performance.now();
    if (state.reported !== 0 && now - state.reported < REPORT_EVERY_MS) return;
    state.reported = now;
    const timestamp = this.#firstTimestamp + Math.round(msToTicks(this.#elapsed()));
    viewer.sendControl(senderReport({ ssrc: this.#rtp.ssrc, now: Date.now(), timestamp, ...this.#rtp.sent }));
  }
}
