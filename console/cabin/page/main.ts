import type { CalmingScript } from '../../../signaling/index.ts';
import { Cabin } from './cabin.ts';
import { createMemory } from './memory.ts';
import { startPairing } from './pairing.ts';

const liftId = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
const memory = createMemory(liftId);

let cabin: Cabin | undefined;
const pairing = startPairing(liftId, (secret) => {
  memory.keep({ secret });
  void start();
});

async function start(): Promise<void> {
  const { secret } = memory.kept;
  if (secret === undefined) {
    pairing.show();
    return;
  }
  pairing.hide();
  cabin?.close();
  cabin = new Cabin(liftId, secret, memory, await loadScript());
  cabin.onRefused = () => {
    cabin?.close();
    memory.forget();
    location.reload();
  };
}

/** Kept for when the service is away as this page starts. */
async function loadScript(): Promise<CalmingScript> {
  try {
    const answer = await fetch('/cabin-page/calming.json', { signal: AbortSignal.timeout(5_000) });
    const script = (await answer.json()) as CalmingScript;
    memory.keep({ script });
    return script;
  } catch (error) {
    if (memory.kept.script) return memory.kept.script;
    throw error;
  }
}

/** The page itself is kept too, so that a terminal shows something after a power cut that has taken the network with it. */
navigator.serviceWorker?.register('/cabin-worker.js', { scope: '/cabin/' }).catch(() => {});

async function keepAwake(): Promise<void> {
  if (document.visibilityState !== 'visible') return;
  await navigator.wakeLock?.request('screen').catch(() => {});
}
document.addEventListener('visibilitychange', () => void keepAwake());
void keepAwake();

// Without words there is nothing to show: try again until the service is there.
start().catch(() => setTimeout(() => location.reload(), 5_000));
