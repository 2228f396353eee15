/** Without what is mistaken for something else: 0 O 1 I L U V. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const LENGTH = 8;
/** So many guesses at one of 29^8 codes are hopeless, and typing errors far fewer. */
const MOST_WRONG = 100;

interface Invitation<T> {
  readonly liftId: string;
  readonly code: string;
  readonly expiresAt: number;
  readonly by: T;
  /** Wrong tries so far. */
  wrong: number;
}

export type Redeemed<T> = { readonly by: T } | 'wrong' | 'too-many';

/** Codes by which a new terminal is let in: one a lift, good once and for a while. No I/O, no clock. */
export class PairingCodes<T> {
  readonly #byLift = new Map<string, Invitation<T>>();
  readonly #validMs: number;
  readonly #random: (below: number) => number;

  constructor(validMs: number, random: (below: number) => number) {
    this.#validMs = validMs;
    this.#random = random;
  }

  /** The one before it holds no more. */
  invite(liftId: string, by: T, now: number): { readonly code: string; readonly expiresAt: number } {
    for (const [other, { expiresAt }] of this.#byLift) if (expiresAt <= now) this.#byLift.delete(other);
    const code = Array.from({ length: LENGTH }, () => LETTERS[this.#random(LETTERS.length)]).join('');
    const expiresAt = now + this.#validMs;
    this.#byLift.set(liftId, { liftId, code, expiresAt, by, wrong: 0 });
    return { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt };
  }

  redeem(liftId: string, code: string, now: number): Redeemed<T> {
    const found = this.#byLift.get(liftId);
    if (!found || found.expiresAt <= now) return 'wrong';
    if (found.wrong >= MOST_WRONG) return 'too-many';
    if (found.code !== plain(code)) {
      found.wrong += 1;
      return 'wrong';
    }
    this.#byLift.delete(liftId);
    return { by: found.by };
  }
}

/** As people type it. */
const plain = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, '');
