import type { MediaTrack } from '../../signaling/index.ts';
import { Session } from './session.ts';
import type { CallView, SessionDeps, SessionEvents, SessionOptions } from './session-events.ts';
import type { PeerStats } from './stats.ts';

/** The operator's side of a call; a supervisor's, guest's and recorder's too. */
export interface CallClient {
  on<K extends keyof SessionEvents>(event: K, listener: (payload: SessionEvents[K]) => void): () => void;
  /** The room's call, ours or somebody else's; undefined while there is none. */
  readonly call: CallView | undefined;
  /** Rings the cabin and opens our microphone meanwhile. False while the line is down. */
  start(incidentId?: string): boolean;
  /** Hear and see somebody else's call. */
  listen(): boolean;
  /** Takes the call from whoever has it; for supervisors. */
  takeOver(): boolean;
  /** Ends our call, or our listening to another's. It says nothing of the alarm. */
  hangUp(): boolean;
  mute(kind: 'audio' | 'video', muted: boolean): void;
  /** Another microphone or camera, from now on. */
  replaceTrack(kind: 'audio' | 'video', track: MediaTrack): void;
  stats(): Promise<ReadonlyMap<string, PeerStats>>;
  /** @param leave default true; false keeps the place for a while, as when the page is loaded anew */
  close(leave?: boolean): void;
}

export function createCallClient(options: SessionOptions, deps: SessionDeps): CallClient {
  const session = new Session(options, deps);
  return {
    on: (event, listener) => session.on(event, listener),
    get call() {
      return session.view;
    },
    start(incidentId) {
      const sent = session.send({ type: 'call', ...(incidentId !== undefined && { incidentId }) });
      // Together with the ringing, so that the one does not wait for the other.
      if (sent) void session.openMedia();
      return sent;
    },
    listen: () => session.sendInCall('listen'),
    takeOver: () => session.sendInCall('take-over'),
    hangUp: () => session.sendInCall('hang-up'),
    mute: (kind, muted) => session.mute(kind, muted),
    replaceTrack: (kind, track) => session.replaceTrack(kind, track),
    stats: () => session.stats(),
    close: (leave = true) => session.close(leave),
  };
}
