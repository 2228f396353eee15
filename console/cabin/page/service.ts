import type { CabinStatus } from '../../../api/index.ts';

export interface ServiceOptions {
  readonly liftId: string;
  readonly secret: string;
  readonly onStatus: (status: CabinStatus) => void;
  /** The line has come up, or was lost. */
  readonly onLine: (up: boolean) => void;
  /** The secret holds no more. */
  readonly onRefused: () => void;
}

/** The service as a cabin uses it. */
export interface Service {
  /** @throws when it cannot be reached */
  raiseAlarm(): Promise<CabinStatus>;
  joinToken(): Promise<string>;
  close(): void;
}

/** The service sends something every 5 s; a line that is quiet for so long is dead, ms. */
const SILENT_MS = 16_000;
const ASK_MS = 8_000;
/** Waits between tries, ms; the last for ever. With jitter, so that a city's cabins do not all come back in the same second. */
const WAITS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Follows the status for as long as it is not refused: for months. */
export function openService(options: ServiceOptions): Service {
  const { liftId, secret, onStatus, onLine, onRefused } = options;
  const base = `/api/cabins/${encodeURIComponent(liftId)}`;
  const headers = { authorization: `Bearer ${secret}` };
  const closing = new AbortController();
  let hurry = (): void => {};
  const online = (): void => hurry();
  addEventListener('online', online);

  async function ask(path: string): Promise<Response> {
    const answer = await fetch(`${base}/${path}`, {
      method: 'POST',
      headers,
      signal: AbortSignal.timeout(ASK_MS),
    });
    if (answer.status === 401) refuse();
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }

  function refuse(): void {
    if (closing.signal.aborted) return;
    closing.abort();
    onRefused();
  }

  async function follow(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted; failures += 1) {
      try {
        await read(() => {
          failures = 0;
          onLine(true);
        });
      } catch {
        // Whatever it was, it is tried again.
      }
      if (closing.signal.aborted) return;
      onLine(false);
      const wait = WAITS[Math.min(failures, WAITS.length - 1)] as number;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait * (0.5 + Math.random()));
        hurry = () => {
          clearTimeout(timer);
          resolve();
        };
        closing.signal.addEventListener('abort', hurry, { once: true });
      });
      closing.signal.removeEventListener('abort', hurry);
      hurry = () => {};
    }
  }

  /** Until the line is lost. */
  async function read(up: () => void): Promise<void> {
    const dead = new AbortController();
    const stop = (): void => dead.abort();
    closing.signal.addEventListener('abort', stop, { once: true });
    let watchdog = setTimeout(stop, SILENT_MS);
    try {
      const answer = await fetch(`${base}/events`, { headers, signal: dead.signal, cache: 'no-store' });
      if (answer.status === 401) refuse();
      if (!answer.ok || !answer.body) return;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (let first = true; ; first = false) {
        const { done, value } = await reader.read();
        if (done) return;
        if (first) up();
        clearTimeout(watchdog);
        watchdog = setTimeout(stop, SILENT_MS);
        const events = `${text}${value}`.split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) {
          const data = /^data: (.*)$/m.exec(event)?.[1];
          if (data) onStatus(JSON.parse(data) as CabinStatus);
        }
      }
    } finally {
      clearTimeout(watchdog);
      closing.signal.removeEventListener('abort', stop);
      dead.abort();
    }
  }

  void follow();
  return {
    raiseAlarm: async () => (await (await ask('alarm')).json()) as CabinStatus,
    joinToken: async () => ((await (await ask('token')).json()) as { token: string }).token,
    close() {
      removeEventListener('online', online);
      closing.abort();
    },
  };
}

/** @throws Error whose message is `wrong` for a code that is not taken, `away` for a service that cannot be reached */
export async function pair(liftId: string, code: string): Promise<string> {
  const answer = await post(`/api/cabins/${encodeURIComponent(liftId)}/pairing`, { code });
  if (answer.status === 401) throw new Error('wrong');
  if (!answer.ok) throw new Error('away');
  return ((await answer.json()) as { secret: string }).secret;
}

/** Where whoever has this browser may pair screens: an engineer who is signed in, or anyone on a machine that is open. */
export async function pairHere(liftId: string): Promise<string> {
  const answer = await post(`/api/lifts/${encodeURIComponent(liftId)}/terminal/invitations`);
  if (!answer.ok) throw new Error('wrong');
  return pair(liftId, ((await answer.json()) as { code: string }).code);
}

async function post(path: string, body?: object): Promise<Response> {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    return await fetch(path, { method: 'POST', signal: AbortSignal.timeout(ASK_MS), ...json });
  } catch {
    throw new Error('away');
  }
}
