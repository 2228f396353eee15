/**
 * Keeps the page for when the network is down as it starts. What the service has is always preferred; the kept copy is the
 * fallback, and of the data nothing is kept here.
 */
interface Worker {
  readonly caches: CacheStorage;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly { url: string }[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Waiting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void;
}
interface Waiting {
  waitUntil(promise: Promise<unknown>): void;
}
interface Asked extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as Worker;
const CACHE = 'cabin-page';
/** Beside the page's own address: all that it needs to start. */
const FILES = ['main.js', 'styles.css', 'calming.json'].map((name) => `/cabin-page/${name}`);
/** A network that takes longer is as good as down, ms. */
const PATIENCE_MS = 4_000;

worker.addEventListener('install', (event) => event.waitUntil(keepPage().then(() => worker.skipWaiting())));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET' || !isOurs(event.request.url)) return;
  event.respondWith(answer(event.request));
});

/** The page that brings this worker was loaded without it, so nothing of it is kept yet. */
async function keepPage(): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const urls = pages.map(({ url }) => url).filter((url) => isOurs(url));
  const cache = await worker.caches.open(CACHE);
  await cache.addAll([...new Set([...urls, ...FILES])]);
}

const isOurs = (url: string): boolean => /^\/cabin(-page)?\//.test(new URL(url).pathname);

async function answer(request: Request): Promise<Response> {
  const cache = await worker.caches.open(CACHE);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (fresh.status === 200) await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
