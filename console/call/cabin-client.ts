import { Session } from './session.ts';
import type { CallView, SessionDeps, SessionEvents, SessionOptions } from './session-events.ts';
import type { PeerStats } from './stats.ts';

/** The cabin's side: it answers by itself and can't hang up. */
export interface CabinClient {
  /** `local` says when camera and microphone are on, and must be shown. */
  on<K extends keyof SessionEvents>(event: K, listener: (payload: SessionEvents[K]) => void): () => void;
  readonly call: CallView | undefined;
  /** Whether what is said to the cabin can be heard in it; the operator is shown when not. */
  sayHears(hears: boolean): void;
  stats(): Promise<ReadonlyMap<string, PeerStats>>;
  close(): void;
}

export function createCabinClient(options: SessionOptions, deps: SessionDeps): CabinClient {
  const session = new Session(options, deps);
  let answered: string | undefined;
  session.on('call', ({ id, state }) => {
    if (state !== 'ringing' || answered === id) return;
    answered = id;
    // With whatever can be opened: a cabin whose camera is broken is still heard.
    void session.openMedia().then(() => {
      if (session.view?.id !== id) return;
      // Not sent: the line is down, and the call rings again when it is up.
      if (!session.sendInCall('answer')) answered = undefined;
    });
  });
  return {
    on: (event, listener) => session.on(event, listener),
    get call() {
      return session.view;
    },
    sayHears: (hears) => session.sayHears(hears),
    stats: () => session.stats(),
    close: () => session.close(false),
  };
}
