import type { CameraView, EventView, SceneView, WallMessages } from '../../api/index.ts';

/** One line of the event list: a behaviour from its start to its end, or one change of the number of people. */
export interface Episode {
  readonly key: string;
  readonly cameraId: string;
  readonly kind: EventView['kind'];
  readonly startedAt: number;
  readonly knownAt: number;
  readonly endedAt: number | undefined;
  readonly evidence: EventView['evidence'];
}

export type Line = 'connecting' | 'live' | 'lost';

export interface StoreListener {
  /** A camera has come, gone or changed; all of them after a (re)connection. */
  cameras?(): void;
  camera?(camera: CameraView): void;
  scene?(cameraId: string, scene: SceneView): void;
  episode?(episode: Episode): void;
  episodes?(): void;
  line?(line: Line): void;
  /** Its first open incident has begun, or its last has ended. */
  incident?(liftId: string, open: boolean): void;
}

const MAX_EPISODES = 300;
/** Without a word for so long the connection counts as lost, whatever the browser thinks; the server speaks every 5 s. */
const SILENCE_MS = 12_000;

/** What the page knows, kept current by the server's events. */
export class Store {
  readonly cameras = new Map<string, CameraView>();
  readonly episodes = new Map<string, Episode>();
  line: Line = 'connecting';
  /** Names of the service's parts that do not work. */
  failing: readonly string[] = [];
  #offset = 0;
  #source: EventSource | undefined;
  #heard = 0;
  readonly #listeners = new Set<StoreListener>();

  /** The server's clock, epoch ms. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** A lift has the name of its camera. */
  nameOf(liftId: string): string {
    return [...this.cameras.values()].find((camera) => camera.liftId === liftId)?.name ?? liftId;
  }

  listen(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For who follows the incidents: they have a stream of their own. */
  tellIncident(liftId: string, open: boolean): void {
    this.#emit((l) => l.incident?.(liftId, open));
  }

  connect(): void {
    this.#open();
    setInterval(() => {
      if (performance.now() - this.#heard < SILENCE_MS) return;
      this.#setLine('lost');
      this.#open();
    }, 2000);
  }

  #open(): void {
    this.#source?.close();
    this.#heard = performance.now();
    const source = new EventSource('api/events');
    this.#source = source;
    const on = <T>(name: string, handle: (data: T) => void): void => {
      source.addEventListener(name, (event) => {
        this.#heard = performance.now();
        handle(JSON.parse((event as MessageEvent<string>).data) as T);
      });
    };
    source.onerror = () => this.#setLine('lost');
    on<WallMessages['hello']>('hello', (hello) => this.#start(hello));
    on<number>('alive', (now) => {
      this.#offset = now - Date.now();
    });
    on<WallMessages['camera']>('camera', (camera) => this.#update(camera));
    on<WallMessages['scene']>('scene', ({ cameraId, scene }) => this.#scene(cameraId, scene));
    on<WallMessages['service']>('service', (parts) => {
      this.failing = Object.keys(parts).filter((name) => !parts[name]);
    });
    on<WallMessages['removed']>('removed', ({ cameraId }) => this.#remove(cameraId));
    on<WallMessages['event']>('event', (event) => {
      const episode = this.#note(event);
      if (episode) this.#emit((l) => l.episode?.(episode));
    });
  }

  #start(hello: WallMessages['hello']): void {
    this.#offset = hello.now - Date.now();
    this.cameras.clear();
    for (const camera of hello.cameras) this.cameras.set(camera.id, camera);
    this.episodes.clear();
    for (const event of hello.events) this.#note(event);
    this.#emit((l) => l.cameras?.());
    this.#emit((l) => l.episodes?.());
    this.#setLine('live');
  }

  #update(change: WallMessages['camera']): void {
    const known = this.cameras.get(change.id);
    const camera = { ...change, scene: known?.scene ?? null };
    this.cameras.set(camera.id, camera);
    this.#emit((l) => (known ? l.camera?.(camera) : l.cameras?.()));
  }

  #remove(cameraId: string): void {
    this.cameras.delete(cameraId);
    this.#emit((l) => l.cameras?.());
  }

  #scene(cameraId: string, scene: SceneView): void {
    const camera = this.cameras.get(cameraId);
    if (!camera) return;
    const health = { ...camera.health, lastPictureAt: scene.ts };
    this.cameras.set(cameraId, { ...camera, scene, health });
    this.#emit((l) => l.scene?.(cameraId, scene));
  }

  /** Joins an event to the episode it belongs to; a change of the count is an episode of its own. */
  #note(event: EventView): Episode | undefined {
    const { cameraId, kind, phase, startedAt, ts, evidence } = event;
    const counts = kind === 'occupancy';
    const key = counts ? `${cameraId} ${event.id}` : `${cameraId} ${kind} ${startedAt}`;
    const before = this.episodes.get(key);
    const episode: Episode = {
      key,
      cameraId,
      kind,
      startedAt,
      knownAt: before?.knownAt ?? ts,
      endedAt: counts || phase === 'ended' ? ts : undefined,
      evidence: { ...before?.evidence, ...evidence },
    };
    this.episodes.set(key, episode);
    const oldest = this.episodes.keys().next().value;
    if (this.episodes.size > MAX_EPISODES && oldest !== undefined) this.episodes.delete(oldest);
    return episode;
  }

  #setLine(line: Line): void {
    if (line === this.line) return;
    this.line = line;
    this.#emit((l) => l.line?.(line));
  }

  #emit(tell: (listener: StoreListener) => void): void {
    for (const listener of [...this.#listeners]) tell(listener);
  }
}
