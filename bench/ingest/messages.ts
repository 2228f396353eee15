/** The city: so many lifts, each of which says all it knows every five seconds. */
export const LIFTS = 70_000;
export const PERIOD_S = 5;
export const CITY_PER_SECOND = LIFTS / PERIOD_S;
/** Lifts that share a gateway's connection. */
export const LIFTS_PER_GATEWAY = 1000;
export const PASSWORD = 'bench-password';

export const liftId = (index: number): string => `lift-${index}`;
export const gatewayOf = (index: number): string => `gateway-${Math.floor(index / LIFTS_PER_GATEWAY)}`;

/** A whole message; the load says when it was sent, so that the car state tells how long it took. */
export function messageText(seq: number, sentAt: number): string {
  const moving = seq % 4 !== 0;
  return JSON.stringify({
    ts: sentAt,
    seq,
    door: moving ? 'closed' : 'open',
    doorZone: !moving,
    floor: (seq % 30) + 1,
    direction: moving ? 'up' : 'none',
    speed: moving ? 1.6 : 0,
    mode: 'normal',
    load: loadOf(sentAt),
    faults: [],
    alarmButton: false,
  });
}

const loadOf = (sentAt: number): number => (sentAt % 5_000_000) / 1e6;

/** ms from sending to now, from the load of the state. */
export const latencyOf = (load: number, now: number): number => {
  const passed = (now % 5_000_000) - Math.round(load * 1e6);
  return passed < 0 ? passed + 5_000_000 : passed;
};
