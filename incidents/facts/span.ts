/** A condition that holds, since when, and up to when what was heard vouches for it; epoch ms. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** Whoever is asked may have heard something in the meantime. */
const ASK_AGAIN_MS = 1000;

/** Holds for as long as nothing else is said. */
export const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** The span in which both hold; undefined where either does not. */
export function both(a: Span | undefined, b: Span | undefined): Span | undefined {
  if (!a || !b) return undefined;
  return { since: Math.max(a.since, b.since), until: Math.min(a.until, b.until) };
}

/**
 * The present moment, and the next one at which something would change by the passing of time alone. Every
 * comparison of a time with now goes through it, so that no deadline is forgotten.
 */
export class Horizon {
  readonly now: number;
  #next: number | undefined;

  constructor(now: number) {
    this.now = now;
  }

  get next(): number | undefined {
    return this.#next;
  }

  /** Whether a time has come; if not, it becomes a deadline. */
  reached(time: number): boolean {
    if (time <= this.now) return true;
    this.#next = Math.min(this.#next ?? time, time);
    return false;
  }

  /**
   * Whether a condition is known to have held for so long. Time that nothing vouches for does not count; until something
   * does, it is asked again every second.
   */
  lasted(span: Span | undefined, seconds: number): boolean {
    if (!span) return false;
    const enough = span.since + seconds * 1000;
    if (!this.reached(enough)) return false;
    if (enough <= span.until) return true;
    this.askAgain();
    return false;
  }

  /** What has been heard so far does not do; what is the same again is only heard when it is asked for. */
  askAgain(): void {
    this.reached(this.now + ASK_AGAIN_MS);
  }

  /** How long a condition is known to have held, s. */
  seconds(span: Span): number {
    return Math.max(0, Math.min(this.now, span.until) - span.since) / 1000;
  }
}
