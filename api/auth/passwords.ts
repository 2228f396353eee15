import { CabinwatchError } from '../../core/index.ts';

/**
 * argon2id with 19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet. About 30 ms of a core.
 * The algorithm's number is argon2's own; the package offers it only as a TypeScript `const enum`.
 */
const COST = Object.freeze({ algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });

/** Hashes at a time, and how many wait: sign-in must not take all of a small machine's cores and memory. */
const AT_ONCE = 2;
const MAX_WAITING = 64;

export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 200;

export interface Passwords {
  /** A PHC string. */
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown user (`hash` undefined) as for a wrong password. */
  verify(hash: string | undefined, password: string): Promise<boolean>;
}

/** @throws CabinwatchError DEPENDENCY_MISSING; from both methods TOO_MANY */
export async function createPasswords(): Promise<Passwords> {
  const { hash, verify } = await import('@node-rs/argon2').catch((cause: unknown) => {
    throw new CabinwatchError(
      'DEPENDENCY_MISSING',
      'The package @node-rs/argon2 cannot be loaded, so nobody can sign in. Run npm install on this machine.',
      { cause },
    );
  });
  const limited = createLimiter();
  const ofNobody = await hash('nobody has this password', COST);
  return {
    hash: (password) => limited(() => hash(password, COST)),
    verify: (known, password) =>
      limited(async () => {
        const right = await verify(known ?? ofNobody, password);
        return right && known !== undefined;
      }),
  };
}

function createLimiter(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= AT_ONCE) {
      if (waiting.length >= MAX_WAITING) throw new CabinwatchError('TOO_MANY');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line, so that nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
