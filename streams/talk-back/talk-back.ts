import { CabinwatchError, type Clock, type Logger, type PcmChunk, type Talkback } from '../../core/index.ts';
import { backoffDelay, DEFAULT_BACKOFF, UNAUTHORIZED_BACKOFF } from '../camera/backoff.ts';
import { CameraFaultError } from '../camera/fault.ts';
import { steadyClock } from '../camera/rising-clock.ts';
import { wait } from '../camera/wait.ts';
import type { CameraAddress } from '../rtsp/address.ts';
import { BackchannelSession } from './backchannel-session.ts';
import { Pacer } from './pacer.ts';
import { Resampler } from './resampler.ts';

export interface TalkBackOptions {
  readonly address: CameraAddress;
  /** See Talkback. */
  readonly duckDb: number;
}

export interface TalkBackDeps {
  readonly logger: Logger;
  /** Never set. */
  readonly steady?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** A camera's loudspeaker, by its ONVIF backchannel over RTSP. Nothing is connected but while something is played. */
export function createTalkBack(options: TalkBackOptions, deps: TalkBackDeps): Talkback {
  return {
    duckDb: options.duckDb,
    play: (sound, signal, reached) => new Playing(options.address, deps, reached).run(sound, signal),
  };
}

type Reached = Parameters<Talkback['play']>[2];

/** What is said in one call. */
class Playing {
  readonly #address: CameraAddress;
  readonly #logger: Logger;
  readonly #steady: Clock;
  readonly #random: () => number;
  readonly #reached: Reached;
  #line: Line | undefined;

  constructor(address: CameraAddress, deps: TalkBackDeps, reached: Reached) {
    this.#address = address;
    this.#logger = deps.logger;
    this.#steady = deps.steady ?? steadyClock;
    this.#random = deps.random ?? Math.random;
    this.#reached = reached;
  }

  async run(sound: AsyncIterable<PcmChunk>, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    let pump: Promise<void> | undefined;
    let failures = 0;
    while (!until.aborted) {
      try {
        // Not with the signal: it would cut the connection before the loudspeaker is given back.
        const session = await BackchannelSession.open(this.#address);
        if (!(session instanceof BackchannelSession)) {
          this.#logger.info({ offer: session }, 'the camera has no loudspeaker that can be spoken to');
          this.#reached(false);
          return;
        }
        failures = 0;
        this.#reached(true);
        pump ??= this.#pump(sound).finally(() => ended.abort());
        // What becomes of it is told when the loudspeaker has been given back.
        pump.catch(() => {});
        await this.#hold(session, until);
      } catch (error) {
        if (until.aborted) break;
        this.#reached(false);
        failures += 1;
        // One line when it begins to fail, not one for each attempt.
        if (failures === 1) this.#logger.warn(detailOf(error), 'the camera’s loudspeaker is lost');
        const refused = error instanceof CameraFaultError && error.reason === 'unauthorized';
        const schedule = refused ? UNAUTHORIZED_BACKOFF : DEFAULT_BACKOFF;
        await wait(backoffDelay(failures, this.#random(), schedule), until);
      }
    }
    await pump;
  }

  /** What is said while the loudspeaker is away is lost: nobody wants to hear it later. */
  async #pump(sound: AsyncIterable<PcmChunk>): Promise<void> {
    for await (const chunk of sound) this.#line?.push(chunk);
  }

  async #hold(session: BackchannelSession, signal: AbortSignal): Promise<void> {
    const line = new Line(session.backchannel.rate);
    this.#line = line;
    let lost: unknown;
    let keepAliveAt = this.#steady.now() + session.keepAliveMs;
    try {
      while (!signal.aborted) {
        const now = this.#steady.now();
        for (const packet of line.pacer.due(now)) session.send(packet);
        if (lost) throw lost;
        if (now >= keepAliveAt) {
          keepAliveAt = now + session.keepAliveMs;
          session.keepAlive().catch((error: unknown) => {
            lost = error;
          });
        }
        await wait(Math.max(1, line.pacer.nextAt - this.#steady.now()), signal);
      }
    } finally {
      this.#line = undefined;
      await session.close();
    }
  }
}

/** From the operator's sound, of whatever rate and channels, to the camera's. */
class Line {
  readonly pacer: Pacer;
  readonly #rate: number;
  #resampler: { readonly from: number; readonly resampler: Resampler } | undefined;

  constructor(rate: number) {
    this.#rate = rate;
    this.pacer = new Pacer(rate);
  }

  push(chunk: PcmChunk): void {
    const from = chunk.sampleRate;
    if (this.#resampler?.from !== from)
      this.#resampler = { from, resampler: new Resampler(from, this.#rate) };
    this.pacer.push(this.#resampler.resampler.push(mono(chunk)));
  }
}

function mono({ samples, channels }: PcmChunk): Int16Array {
  if (channels === 1) return samples;
  return Int16Array.from({ length: samples.length / channels }, (_, n) => {
    let sum = 0;
    for (let k = 0; k < channels; k += 1) sum += samples[n * channels + k] ?? 0;
    return sum / channels;
  });
}

/** Only what is known to hold no secret. */
function detailOf(error: unknown): Record<string, unknown> {
  return error instanceof CabinwatchError
    ? { code: error.code, detail: error.message }
    : { error: (error as Error).name };
}
