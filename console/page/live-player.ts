import mpegts from 'mpegts.js';
import type { LiveView } from '../../api/index.ts';

export type LiveState = 'waiting' | 'playing' | 'snapshots' | 'stopped';

export interface LivePlayerOptions {
  readonly cameraId: string;
  readonly video: HTMLVideoElement;
  readonly image: HTMLImageElement;
  readonly onState: (state: LiveState) => void;
}

const RETRY_MS = [1000, 2000, 4000, 8000];
/** After so many live starts without a picture, pictures are fetched one by one between further tries. */
const TRIES_BEFORE_SNAPSHOTS = 2;
const SNAPSHOT_EVERY_MS = 1000;
const STALL_MS = 6000;

/**
 * A camera's live picture: FLV over WebSocket, started again whenever it breaks or stands still, and snapshots where
 * the browser or the camera (H.265) cannot have it live.
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
    this.#options.onState('stopped');
  }

  /** The camera is back: no need to wait for the next try. */
  hurry(): void {
    if (this.#wanted && !this.#player) void this.#open();
  }

  async #open(): Promise<void> {
    this.#close();
    if (!mpegts.isSupported()) {
      this.#startSnapshots();
      return;
    }
    try {
      const live = await fetchLive(this.#options.cameraId);
      if (!this.#wanted || this.#player) return;
      this.#play(live);
    } catch {
      this.#failed();
    }
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
      image.src = `api/cameras/${encodeURIComponent(cameraId)}/snapshot.jpg?${Date.now()}`;
    };
    const later = (): void => {
      this.#snapshotTimer = window.setTimeout(next, SNAPSHOT_EVERY_MS);
    };
    image.onload = () => {
      if (this.#snapshotTimer === undefined) return;
      onState('snapshots');
      later();
    };
    image.onerror = later;
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

async function fetchLive(cameraId: string): Promise<LiveView> {
  const answer = await fetch(`api/cameras/${encodeURIComponent(cameraId)}/play-token`, { method: 'POST' });
  if (!answer.ok) throw new Error(`play-token: ${answer.status}`);
  return (await answer.json()) as LiveView;
}
