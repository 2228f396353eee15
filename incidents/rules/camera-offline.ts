import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** No pictures, or the same one for ever: either way nobody sees into the car. */
export const cameraOffline: Rule = Object.freeze({
  kind: 'camera-offline',
  severity: 'warning',
  life: (options) => options.watch,
  judge({ camera, episodes, horizon }, { watch }) {
    const away = camera?.state === 'offline' ? camera.since : undefined;
    if (away !== undefined) {
      if (!horizon.reached(away + watch.cameraSuspectSeconds * 1000)) return UNKNOWN;
      const seconds = (horizon.now - away) / 1000;
      return {
        belief: horizon.reached(away + watch.cameraConfirmSeconds * 1000) ? 'confirmed' : 'suspected',
        since: away,
        reasons: [reason('camera', 'camera-silent', { seconds })],
      };
    }
    const frozen = episodes['camera-frozen'];
    if (frozen?.open)
      return { belief: 'confirmed', since: frozen.startedAt, reasons: [reason('camera', 'picture-frozen')] };
    const capped = frozen?.evidence.reason === 'cap';
    const back = camera?.state === 'online' || camera?.state === 'blocked' || (!camera && frozen && !capped);
    return back ? none(reason('camera', 'camera-back')) : UNKNOWN;
  },
} satisfies Rule);
