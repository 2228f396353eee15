import type NodeMediaServer from 'node-media-server';
import { CAMERA_ID, type Gate, type PublisherKind } from './gate.ts';
import type { FromWorker } from './messages.ts';

type Session = NodeMediaServer.Session;

/** Puts the gate where node-media-server would check its own signatures, and tells who publishes and watches. */
export function admitSessions(media: NodeMediaServer, gate: Gate, tell: (message: FromWorker) => void): void {
  const viewers = new Map<string, Set<string>>();
  const kinds = new Map<string, PublisherKind>();

  const mayPublish = (session: Session): boolean => {
    const { streamApp, streamName: cameraId, streamQuery } = session;
    const kind = CAMERA_ID.test(cameraId) ? gate.publish(streamApp, cameraId, streamQuery) : undefined;
    if (!kind) {
      tell({
        type: 'refused',
        what: 'publish',
        cameraId: safeId(cameraId),
        reason: 'the publish key is wrong',
      });
      return false;
    }
    kinds.set(session.id, kind);
    takeOver(session);
    return true;
  };

  const mayPlay = (session: Session): boolean => {
    // Viewers come by HTTP-FLV and WS-FLV, where an answer can say why not.
    if (session.protocol !== 'flv') return false;
    const verdict = gate.play(session.streamApp, session.streamName, session.streamQuery, Date.now());
    if (verdict.allowed && verdict.viewer) count(session, true);
    return verdict.allowed;
  };

  const count = (session: Session, present: boolean): void => {
    const set = viewers.get(session.streamName) ?? new Set();
    const before = set.size;
    if (present) set.add(session.id);
    else set.delete(session.id);
    if (set.size === 0) viewers.delete(session.streamName);
    else viewers.set(session.streamName, set);
    if (set.size !== before) tell({ type: 'viewers', cameraId: session.streamName, count: set.size });
  };

  media.on('prePublish', (session) => {
    session.broadcast.verifyAuth = (_key, asking) => mayPublish(asking);
  });
  media.on('prePlay', (session) => {
    session.broadcast.verifyAuth = (_key, asking) => mayPlay(asking);
  });
  media.on('postPublish', (session) => {
    const kind = kinds.get(session.id) ?? 'service';
    const cameraId = session.streamName;
    tell({ type: 'publishing', cameraId, kind, active: true });
    session.socket?.once('close', () => {
      kinds.delete(session.id);
      // A later publisher may have taken over by now.
      const { publisher } = session.broadcast;
      if (publisher === session || publisher === null)
        tell({ type: 'publishing', cameraId, kind, active: false });
    });
  });
  media.on('donePlay', (session) => count(session, false));
}

/** Who has the key may publish, also while an earlier connection of the same camera is not yet known to be dead. */
function takeOver(session: Session): void {
  const { broadcast } = session;
  const earlier = broadcast.publisher;
  if (!earlier || earlier === session) return;
  broadcast.donePublish(earlier);
  earlier.socket?.destroy();
}

/** A name that no camera can have is not repeated in a message. */
function safeId(cameraId: string): string {
  return CAMERA_ID.test(cameraId ?? '') ? cameraId : '(not a camera id)';
}
