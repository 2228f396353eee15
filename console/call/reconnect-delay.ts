/** Attempts after which media are given up; signaling never is. */
export const MOST_ATTEMPTS = 10;

/**
 * How long to wait before an attempt, ms: at once but for a second's jitter, 3 s, 5 s, then 7 s, each ± 50 %, so that a thousand
 * cabins don't come back in the same moment (livekit/client-sdk-js, DefaultReconnectPolicy.ts).
 * @param attempt from 0
 * @param random 0–1
 */
export function reconnectDelay(attempt: number, random: number): number {
  if (attempt === 0) return random * 1000;
  const base = attempt === 1 ? 3000 : attempt === 2 ? 5000 : 7000;
  return base * (0.5 + random);
}

/** How long an attempt to open a line may take, ms (livekit, pkg/service/rtcservice.go: 3 s and one more each time). */
export const attemptTimeout = (attempt: number): number => Math.min(3000 + attempt * 1000, 10_000);
