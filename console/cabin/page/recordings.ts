const CACHE = 'cabin-voice';
/** When what could not be fetched is tried again, ms. */
const AGAIN_MS = 60_000;

/**
 * The recordings at hand, as addresses of what is in memory, by their keys. They are fetched before they are needed, and kept on the
 * device: so they are heard while the network is down, and after a power cut too.
 * @param clips addresses, each of which always stands for the same sound
 */
export function keepRecordings(clips: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const ready = new Map<string, string>();
  const fetchMissing = async (): Promise<void> => {
    try {
      // Only where the page is secure.
      const cache = await globalThis.caches?.open(CACHE);
      // One after the other: a poor line is needed for other things.
      for (const [key, address] of Object.entries(clips)) {
        if (ready.has(key)) continue;
        const sound = (await cache?.match(address)) ?? (await fetchOne(address, cache));
        ready.set(key, URL.createObjectURL(await sound.blob()));
      }
      if (cache) await forgetOthers(cache, clips);
    } catch {
      setTimeout(fetchMissing, AGAIN_MS);
    }
  };
  void fetchMissing();
  return ready;
}

async function fetchOne(address: string, cache: Cache | undefined): Promise<Response> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  // A device that is full plays it all the same.
  await cache?.put(address, answer.clone()).catch(() => {});
  return answer;
}

async function forgetOthers(cache: Cache, clips: Readonly<Record<string, string>>): Promise<void> {
  const used = new Set(Object.values(clips));
  for (const request of await cache.keys())
    if (!used.has(new URL(request.url).pathname)) await cache.delete(request);
}
