/** Without what is mistaken for something else: 0 O 1 I L U V. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const LENGTH = 8;
/** 29^8 codes, at most so many wrong ones a minute over all lifts: a guess of a code that holds for ten minutes is hopeless. */
const MOST_WRONG = 20;
const MINUTE_MS = 60_000;

interface Invitation<T> {
  readonly liftId: string;
  readonly code: string;
  readonly expiresAt: number;
  readonly by: T;
}

export type Redeemed<T> = { readonly by: T } | 'wrong' | 'too-many';

/** Codes by which a new terminal is let in: one a lift, good once and for a while. No I/O, no clock. */
export class PairingCodes<T> {
  readonly #byLift = new Map<string, Invitation<T>>();
  readonly #validMs: number;
  readonly #random: (below: number) => number;
  #wrong: number[] = [];

  constructor(validMs: number, random: (below: number) => number) {
    this.#validMs = validMs;
    this.#random = random;
  }

  /** The one before it holds no more. */
  invite(liftId: string, by: T, now: number): { readonly code: string; readonly expiresAt: number } {
    for (const [other, { expiresAt }] of this.#byLift) if (expiresAt <= now) this.#byLift.delete(other);
    const code = Array.from({ length: LENGTH }, () => LETTERS[this.#random(LETTERS.length)]).join('');
    const expiresAt = now + this.#validMs;
    this.#byLift.set(liftId, { liftId, code, expiresAt, by });
    return { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt };
  }

  redeem(liftId: string, code: string, now: number): Redeemed<T> {
    this.#wrong = this.#wrong.filter((at) => at > now - MINUTE_MS);
    if (this.#wrong.length >= MOST_WRONG) return 'too-many';
    const found = this.#byLift.get(liftId);
    if (!found || found.expiresAt <= now || found.code !== plain(code)) {
      this.#wrong.push(now);
      return 'wrong';
    }
    this.#byLift.delete(liftId);
    return { by: found.by };
  }
}

/** As people type it. */
const plain = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, '');
