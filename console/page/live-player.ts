import mpegts from 'mpegts.js';
import type { LiveView } from '../../api/index.ts';

/**
 * `overview`: pictures now and then, with faces hidden, where live ones take a reason; `withheld`: where these do, too.
 */
export type LiveState = 'waiting' | 'playing' | 'snapshots' | 'overview' | 'withheld' | 'stopped';

export interface LivePlayerOptions {
  readonly cameraId: string;
  readonly video: HTMLVideoElement;
  readonly image: HTMLImageElement;
  readonly onState: (state: LiveState) => void;
  /** Asks the viewer why; undefined: they would rather not say. Without it nobody is asked. */
  readonly askReason?: (() => Promise<string | undefined>) | undefined;
}

const RETRY_MS = [1000, 2000, 4000, 8000];
/** After so many live starts without a picture, pictures are fetched one by one between further tries. */
const TRIES_BEFORE_SNAPSHOTS = 2;
const SNAPSHOT_EVERY_MS = 1000;
const OVERVIEW_EVERY_MS = 3000;
const STALL_MS = 6000;

/**
 * A camera's live picture: FLV over WebSocket, started again whenever it breaks or stands still, and snapshots where
 * the browser or the camera (H.265) cannot have it live, or where it takes a reason that nobody has given.
 */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  #player: mpegts.Player | undefined;
  #wanted = false;
  #failures = 0;
  #retry: number | undefined;
  #snapshotTimer: number | undefined;
  #watcher: number | undefined;
  #progress = { at: 0, time: -1 };
  /** What the viewer has given, until they leave. */
  #reason: string | undefined;
  #overview = false;
  /** An answer to an earlier one is of no interest. */
  #attempt = 0;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
    mpegts.LoggingControl.enableAll = false;
    mpegts.LoggingControl.enableError = false;
    const { video } = options;
    video.addEventListener('playing', () => {
      this.#failures = 0;
      this.#stopSnapshots();
      options.onState('playing');
    });
  }

  /** How far the shown picture is behind the newest received one, ms. */
  get lagMs(): number {
    const { video } = this.#options;
    const { buffered } = video;
    if (!this.#player || buffered.length === 0) return 0;
    return Math.max(0, (buffered.end(buffered.length - 1) - video.currentTime) * 1000);
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#failures = 0;
    this.#overview = false;
    this.#options.onState('waiting');
    this.#watcher = window.setInterval(() => this.#watch(), 1000);
    void this.#open();
  }

  stop(): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    window.clearInterval(this.#watcher);
    this.#close();
    this.#stopSnapshots();
    this.#reason = undefined;
    this.#options.onState('stopped');
  }

  /** The lift's only open incident has begun or ended, and with it what one may see without a reason. */
  async incident(open: boolean): Promise<void> {
    if (!this.#wanted || open !== this.#overview || this.#reason !== undefined) return;
    if (
      !open &&
      (await fetchLive(this.#options.cameraId, undefined).catch(() => undefined)) !== 'reason-needed'
    )
      return;
    if (this.#wanted) this.#again();
  }

  /** The camera is back: no need to wait for the next try. */
  hurry(): void {
    if (this.#wanted && !this.#player && !this.#overview) void this.#open();
  }

  async #open(): Promise<void> {
    this.#close();
    const attempt = ++this.#attempt;
    const isStale = (): boolean => !this.#wanted || attempt !== this.#attempt;
    try {
      const live = await fetchLive(this.#options.cameraId, this.#reason);
      if (isStale()) return;
      if (live === 'reason-needed') await this.#openWithReason(isStale);
      else if (mpegts.isSupported()) this.#play(live);
      else this.#startSnapshots();
    } catch {
      if (!isStale()) this.#failed();
    }
  }

  async #openWithReason(isStale: () => boolean): Promise<void> {
    this.#overview = true;
    this.#startSnapshots();
    const reason = await this.#options.askReason?.();
    if (reason === undefined || isStale()) return;
    this.#reason = reason;
    this.#again();
  }

  #again(): void {
    this.#overview = false;
    this.#stopSnapshots();
    void this.#open();
  }

  #play(live: LiveView): void {
    const { video } = this.#options;
    const player = mpegts.createPlayer(
      { type: 'flv', isLive: true, hasAudio: false, url: socketUrl(live.wsFlv) },
      {
        enableStashBuffer: false,
        liveSync: true,
        liveSyncMaxLatency: 1.6,
        liveSyncTargetLatency: 0.6,
        liveSyncPlaybackRate: 1.15,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: 20,
        autoCleanupMinBackwardDuration: 10,
      },
    );
    this.#player = player;
    this.#progress = { at: performance.now(), time: -1 };
    player.on(mpegts.Events.ERROR, () => this.#failed(player));
    player.on(mpegts.Events.LOADING_COMPLETE, () => this.#failed(player));
    player.attachMediaElement(video);
    player.load();
    // Refused autoplay is muted video's rarest trouble; the watch below tries again.
    Promise.resolve(player.play()).catch(() => {});
  }

  #failed(player = this.#player): void {
    if (!this.#wanted || player !== this.#player) return;
    this.#close();
    this.#options.onState('waiting');
    this.#failures++;
    if (this.#failures >= TRIES_BEFORE_SNAPSHOTS) this.#startSnapshots();
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1] ?? 1000;
    this.#retry = window.setTimeout(() => void this.#open(), wait);
  }

  /** A player that is told nothing of a broken line just stands still. */
  #watch(): void {
    const { video } = this.#options;
    if (!this.#player) return;
    if (video.currentTime !== this.#progress.time) {
      this.#progress = { at: performance.now(), time: video.currentTime };
    } else if (performance.now() - this.#progress.at > STALL_MS) this.#failed();
  }

  #close(): void {
    window.clearTimeout(this.#retry);
    const player = this.#player;
    this.#player = undefined;
    if (!player) return;
    try {
      player.destroy();
    } catch {
      // Already torn down by its own error.
    }
  }

  #startSnapshots(): void {
    if (this.#snapshotTimer !== undefined) return;
    const { image, cameraId, onState } = this.#options;
    const next = (): void => {
      const reason = this.#reason === undefined ? '' : `reason=${encodeURIComponent(this.#reason)}&`;
      image.src = `api/cameras/${encodeURIComponent(cameraId)}/snapshot.jpg?${reason}at=${Date.now()}`;
    };
    const later = (): void => {
      this.#snapshotTimer = window.setTimeout(next, this.#overview ? OVERVIEW_EVERY_MS : SNAPSHOT_EVERY_MS);
    };
    image.onload = () => {
      if (this.#snapshotTimer === undefined) return;
      onState(this.#overview ? 'overview' : 'snapshots');
      later();
    };
    image.onerror = () => {
      if (this.#snapshotTimer === undefined) return;
      if (this.#overview) onState('withheld');
      later();
    };
    this.#snapshotTimer = 0;
    next();
  }

  #stopSnapshots(): void {
    window.clearTimeout(this.#snapshotTimer);
    this.#snapshotTimer = undefined;
  }
}

function socketUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

async function fetchLive(cameraId: string, reason: string | undefined): Promise<LiveView | 'reason-needed'> {
  const answer = await fetch(`api/cameras/${encodeURIComponent(cameraId)}/play-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason }),
  });
  // All that the page sends is right but for the reason that may be missing.
  if (answer.status === 400) return 'reason-needed';
  if (!answer.ok) throw new Error(`play-token: ${answer.status}`);
  return (await answer.json()) as LiveView;
}
