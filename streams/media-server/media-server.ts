import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { Value } from 'typebox/value';
import {
  CabinwatchError,
  type Clock,
  Emitter,
  type Logger,
  silentLogger,
  systemClock,
} from '../../core/index.ts';
import { MediaOptions } from '../options.ts';
import { APPLICATION, CAMERA_ID, type PublisherKind } from './gate.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import { signPlayToken } from './tokens.ts';

export type MediaServerOptions = Partial<MediaOptions> & {
  /** Signs play tokens. Default: random, so that tokens end with the process. */
  readonly secret?: string;
  /** What may wait for a viewer who reads too slowly, bytes. Default 8 MiB. */
  readonly maxViewerBacklog?: number;
  /** How long a publisher may be silent, ms. Default 8000. */
  readonly publisherIdleMs?: number;
};

export interface MediaServerDeps {
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Starts the thread; for tests that make it die. */
  readonly spawn?: (settings: WorkerSettings) => Worker;
}

export interface MediaServerEvents {
  /** Somebody with the right key began or ceased to publish a camera's stream. */
  publishing: { readonly cameraId: string; readonly kind: PublisherKind; readonly active: boolean };
  viewers: { readonly cameraId: string; readonly count: number };
  refused: { readonly what: 'publish' | 'play'; readonly cameraId: string; readonly reason: string };
}

export interface PlayPermit {
  /** With the token; relative to the media server's HTTP address, for HTTP-FLV as for WS-FLV. */
  readonly path: string;
  readonly token: string;
  readonly expiresAt: number;
}

export interface MediaServer {
  readonly rtmpPort: number;
  readonly httpPort: number;
  on<K extends keyof MediaServerEvents>(
    event: K,
    listener: (payload: MediaServerEvents[K]) => void,
  ): () => void;
  addCamera(cameraId: string): void;
  removeCamera(cameraId: string): void;
  /** Lets whoever has this key push the camera's stream to `rtmp://HOST:PORT/live/CAMERA?key=KEY`. */
  allowPush(cameraId: string, key: string): void;
  /** A key for one connection of the service's own, and where to publish with it. */
  openPublisher(cameraId: string): { readonly url: string; revoke(): void };
  /** Where the service itself reads what a camera pushes. Holds a key: not for logs or command lines. */
  readUrl(cameraId: string): string;
  /** Permits one viewer to begin to watch one camera within the token's time. */
  permitPlay(cameraId: string): PlayPermit;
  viewers(cameraId: string): number;
  close(): Promise<void>;
}

const RESTART_MS = 500;

/**
 * Starts node-media-server in a worker thread. Should the thread die, it is started anew on the same ports and told
 * all that it knew; cameras and viewers then connect again.
 * @throws CabinwatchError DEPENDENCY_MISSING when a port is taken
 */
export async function createMediaServer(
  options: MediaServerOptions = {},
  deps: MediaServerDeps = {},
): Promise<MediaServer> {
  const { logger = silentLogger, clock = systemClock, spawn = spawnWorker } = deps;
  const {
    secret = randomBytes(32).toString('base64url'),
    maxViewerBacklog,
    publisherIdleMs,
    ...given
  } = options;
  const { bind, playTokenSeconds, ...wanted } = Value.Default(MediaOptions, { ...given }) as MediaOptions;
  const readerKey = randomBytes(24).toString('base64url');
  const cameras = new Set<string>();
  const publishers = new Map<string, { cameraId: string; key: string; kind: PublisherKind }>();
  const viewers = new Map<string, number>();
  const publishing = new Map<string, PublisherKind>();
  const events = new Emitter<MediaServerEvents>((error, event) =>
    logger.error({ error, event }, 'listener failed'),
  );
  let ports: Ports = wanted;
  let worker: Worker;
  let closed = false;
  let restart: NodeJS.Timeout | undefined;

  const send = (message: ToWorker): void => worker.postMessage(message);
  const checkId = (cameraId: string): void => {
    if (CAMERA_ID.test(cameraId)) return;
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `The camera id ${JSON.stringify(cameraId)} must be 1 to 64 letters, digits, - or _.`,
    );
  };

  const hear = (message: FromWorker): void => {
    switch (message.type) {
      case 'publishing':
        if (message.active) publishing.set(message.cameraId, message.kind);
        else publishing.delete(message.cameraId);
        events.emit('publishing', message);
        break;
      case 'viewers':
        if (message.count > 0) viewers.set(message.cameraId, message.count);
        else viewers.delete(message.cameraId);
        events.emit('viewers', message);
        break;
      case 'refused':
        logger.warn(
          { what: message.what, cameraId: message.cameraId, reason: message.reason },
          'media server refused',
        );
        events.emit('refused', message);
        break;
      case 'dropped':
        logger.warn({ what: message.what, count: message.count }, 'media server dropped connections');
        break;
    }
  };

  const forget = (): void => {
    for (const [cameraId, kind] of publishing) events.emit('publishing', { cameraId, kind, active: false });
    for (const cameraId of viewers.keys()) events.emit('viewers', { cameraId, count: 0 });
    publishing.clear();
    viewers.clear();
  };

  const start = async (): Promise<void> => {
    const settings: WorkerSettings = {
      bind,
      ...ports,
      secret,
      readerKey,
      maxViewerBacklog: maxViewerBacklog ?? 8 * 1024 * 1024,
      publisherIdleMs: publisherIdleMs ?? 8000,
    };
    worker = spawn(settings);
    worker.on('message', hear);
    ports = await portsOf(worker, bind, ports);
    for (const cameraId of cameras) send({ type: 'camera', cameraId, present: true });
    for (const publisher of publishers.values()) send({ type: 'publisher', ...publisher, allowed: true });
    worker.on('exit', () => {
      forget();
      if (closed) return;
      logger.error({}, 'media server died and is started again');
      restart = setTimeout(() => void start().catch(again), RESTART_MS);
    });
  };
  const again = (error: unknown): void => {
    logger.error({ error: String(error) }, 'media server could not be started again');
    if (!closed) restart = setTimeout(() => void start().catch(again), RESTART_MS * 4);
  };

  const setPublisher = (cameraId: string, key: string, kind: PublisherKind, allowed: boolean): void => {
    const name = `${cameraId}\n${key}`;
    if (allowed) publishers.set(name, { cameraId, key, kind });
    else publishers.delete(name);
    send({ type: 'publisher', cameraId, key, kind, allowed });
  };

  await start();
  return {
    get rtmpPort() {
      return ports.rtmpPort;
    },
    get httpPort() {
      return ports.httpPort;
    },
    on: (event, listener) => events.on(event, listener),
    addCamera(cameraId) {
      checkId(cameraId);
      cameras.add(cameraId);
      send({ type: 'camera', cameraId, present: true });
    },
    removeCamera(cameraId) {
      cameras.delete(cameraId);
      for (const [name, publisher] of publishers)
        if (publisher.cameraId === cameraId) publishers.delete(name);
      send({ type: 'camera', cameraId, present: false });
    },
    allowPush: (cameraId, key) => setPublisher(cameraId, key, 'camera', true),
    openPublisher(cameraId) {
      const key = randomBytes(18).toString('base64url');
      setPublisher(cameraId, key, 'service', true);
      return {
        url: `rtmp://${local(bind)}:${ports.rtmpPort}/${APPLICATION}/${cameraId}?key=${key}`,
        revoke: () => setPublisher(cameraId, key, 'service', false),
      };
    },
    readUrl: (cameraId) =>
      `http://${local(bind)}:${ports.httpPort}/${APPLICATION}/${cameraId}.flv?reader=${readerKey}`,
    permitPlay(cameraId) {
      const expiresAt = clock.now() + playTokenSeconds * 1000;
      const token = signPlayToken(secret, cameraId, expiresAt);
      return { path: `/${APPLICATION}/${cameraId}.flv?token=${token}`, token, expiresAt };
    },
    viewers: (cameraId) => viewers.get(cameraId) ?? 0,
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(restart);
      send({ type: 'close' });
      await worker.terminate();
    },
  };
}

/** The address by which the service itself reaches what listens on `bind`. */
function local(bind: string): string {
  if (bind === '0.0.0.0' || bind === '::') return '127.0.0.1';
  return bind.includes(':') ? `[${bind}]` : bind;
}

export function spawnWorker(settings: WorkerSettings): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = new URL(fromSource ? './worker.ts' : './worker.js', import.meta.url);
  const options = { workerData: settings, execArgv: [], stdout: true, stderr: true };
  const worker = fromSource
    ? new Worker(sourceLoader(file), { ...options, eval: true })
    : new Worker(file, options);
  // Its own messages name clients' addresses and are not ours to word; what matters comes as a message.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.on('error', () => {}); // 'exit' follows
  return worker;
}

/** From sources, the thread has to load what reads TypeScript before it can load anything of ours. */
function sourceLoader(file: URL): string {
  const tsx = import.meta.resolve('tsx/esm/api');
  return `import('${tsx}').then((tsx) => { tsx.register(); return import('${file.href}'); })`;
}

interface Ports {
  readonly rtmpPort: number;
  readonly httpPort: number;
}

function portsOf(worker: Worker, bind: string, wanted: Ports): Promise<Ports> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void =>
      reject(
        new CabinwatchError('DEPENDENCY_MISSING', `The media server could not start: ${why}`, { cause }),
      );
    worker.once('error', (error) => fail('its thread ended', error));
    worker.once('exit', () => fail('its thread ended'));
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'listening') resolve({ rtmpPort: message.rtmpPort, httpPort: message.httpPort });
      if (message.type !== 'failed') return;
      const port = message.what === 'RTMP' ? wanted.rtmpPort : wanted.httpPort;
      const why =
        message.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${message.code})`;
      fail(`its ${message.what} port ${bind}:${port} ${why}. Choose another in the configuration.`);
    });
  });
}
