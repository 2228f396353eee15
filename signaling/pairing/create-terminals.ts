import { createHash, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { type Actor, type CabinTerminal, CabinwatchError, type Clock } from '../../core/index.ts';
import { PairingCodes } from './pairing-codes.ts';
import { type KeptTerminal, TerminalFiles } from './terminal-files.ts';

/** Long enough to walk to the lift. */
const CODE_MS = 15 * 60_000;

export interface TerminalsDeps {
  /** Absolute; where it is kept who was let in. */
  readonly dir: string;
  readonly clock: Clock;
  /** A terminal is no longer let in: withdraw what it holds elsewhere. */
  readonly onRevoked?: (terminal: CabinTerminal) => void;
}

/** The screens in the cabins: one a lift, let in once by a code, then by a secret that holds until it is revoked. */
export interface Terminals {
  /** A code for one pairing within 15 minutes; the one before it holds no more. */
  invite(liftId: string, by: Actor): { readonly code: string; readonly expiresAt: number };
  /**
   * Whoever was paired before is revoked: an exchanged terminal must not go on listening.
   * @throws CabinwatchError TOKEN_INVALID for a code that is wrong or used, TOO_MANY
   */
  pair(liftId: string, code: string): Promise<{ readonly terminal: CabinTerminal; readonly secret: string }>;
  /** Undefined for a secret that is not, or no longer, the one of this lift's terminal. */
  admit(liftId: string, secret: string): Promise<CabinTerminal | undefined>;
  terminal(liftId: string): Promise<CabinTerminal | undefined>;
  revoke(liftId: string): Promise<void>;
}

export async function createTerminals({ dir, clock, onRevoked }: TerminalsDeps): Promise<Terminals> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const files = new TerminalFiles(dir);
  const codes = new PairingCodes<Actor>(CODE_MS, (below) => randomInt(below));
  const revoke = async (liftId: string): Promise<void> => {
    const before = await files.read(liftId);
    await files.remove(liftId);
    if (before) onRevoked?.(shown(before));
  };
  return {
    invite: (liftId, by) => codes.invite(liftId, by, clock.now()),
    async pair(liftId, code) {
      const redeemed = codes.redeem(liftId, code, clock.now());
      if (redeemed === 'too-many')
        throw new CabinwatchError('TOO_MANY', 'Too many wrong codes. Ask for a new one.');
      if (redeemed === 'wrong')
        throw new CabinwatchError('TOKEN_INVALID', 'The code is wrong, used or too old. Ask for a new one.');
      const before = await files.read(liftId);
      const secret = randomBytes(32).toString('base64url');
      const terminal: CabinTerminal = {
        id: `terminal-${randomUUID()}`,
        liftId,
        pairedAt: clock.now(),
        pairedBy: redeemed.by,
      };
      await files.write({ ...terminal, secretHash: hash(secret).toString('hex') });
      if (before) onRevoked?.(shown(before));
      return { terminal, secret };
    },
    async admit(liftId, secret) {
      const kept = await files.read(liftId);
      if (!kept) return undefined;
      const right = Buffer.from(kept.secretHash, 'hex');
      const given = hash(secret);
      return right.length === given.length && timingSafeEqual(right, given) ? shown(kept) : undefined;
    },
    async terminal(liftId) {
      const kept = await files.read(liftId);
      return kept && shown(kept);
    },
    revoke,
  };
}

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const shown = ({ secretHash: _, ...terminal }: KeptTerminal): CabinTerminal => terminal;
