interface Tries {
  readonly failures: number;
  readonly last: number;
}

interface Patience {
  /** Failures that cost nothing yet. */
  readonly free: number;
  /** Longest wait, ms. */
  readonly longest: number;
}

/**
 * One login is slowed down after a few failures, but never for long: else anyone could keep an operator out. One address
 * tries many logins only when it guesses, so it may be shut out for longer; many people can share one.
 */
const LOGIN: Patience = { free: 5, longest: 60_000 };
const ADDRESS: Patience = { free: 20, longest: 900_000 };

const FORGET_AFTER_MS = 3_600_000;
const MAX_KEPT = 20_000;

/** Slows down who guesses passwords. Pure: time is an argument, epoch ms. */
export class SignInGuard {
  readonly #logins = new Map<string, Tries>();
  readonly #addresses = new Map<string, Tries>();

  /**
   * 0: the try may be made, and counts as failed until `succeeded` says otherwise, so that many at once are counted too.
   * Else the ms to wait; such a try counts as none.
   */
  begin(login: string, address: string, now: number): number {
    const wait = Math.max(
      waitOf(this.#logins.get(login), LOGIN, now),
      waitOf(this.#addresses.get(network(address)), ADDRESS, now),
    );
    if (wait > 0) return wait;
    note(this.#logins, login, 1, now);
    note(this.#addresses, network(address), 1, now);
    return 0;
  }

  /** The login starts afresh; its address only gets back this one try, or one good account would pay for endless guesses. */
  succeeded(login: string, address: string, now: number): void {
    this.#logins.delete(login);
    note(this.#addresses, network(address), -1, now);
  }
}

function waitOf(tries: Tries | undefined, { free, longest }: Patience, now: number): number {
  if (!tries || tries.failures < free || now - tries.last > FORGET_AFTER_MS) return 0;
  const delay = Math.min(longest, 1000 * 2 ** Math.min(30, tries.failures - free));
  return Math.max(0, tries.last + delay - now);
}

function note(map: Map<string, Tries>, key: string, more: 1 | -1, now: number): void {
  const before = map.get(key);
  const failures = before && now - before.last <= FORGET_AFTER_MS ? before.failures : 0;
  // Set anew, so that the map stays in order of use and the oldest goes first.
  map.delete(key);
  if (failures + more > 0) map.set(key, { failures: failures + more, last: now });
  const oldest = map.keys().next().value;
  if (map.size > MAX_KEPT && oldest !== undefined) map.delete(oldest);
}

/** Of an IPv6 address the /64 that one line is given: its owner has all addresses in it. */
function network(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
