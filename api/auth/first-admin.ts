import { timingSafeEqual } from 'node:crypto';
import { type AccountStore, CabinwatchError, type Logger } from '../../core/index.ts';
import { newSecret, secretHash } from './secrets.ts';

export interface FirstAdmin {
  /** @throws CabinwatchError CONFLICT once there is a user; TOKEN_INVALID */
  check(token: string): Promise<void>;
}

/**
 * While there is no user at all, the log shows a token with which the first one can be made: whoever can read the
 * service's log runs the service. A new one with every start; worth nothing as soon as there is a user.
 */
export async function createFirstAdmin(
  store: Pick<AccountStore, 'users'>,
  deps: { readonly logger: Logger },
): Promise<FirstAdmin> {
  const nobody = async (): Promise<boolean> => (await store.users()).length === 0;
  const token = newSecret();
  try {
    if (await nobody()) {
      deps.logger.warn(
        { setupToken: token },
        'no user yet: open /sign-in.html#setup=TOKEN with this token to make the first admin',
      );
    }
  } catch (error) {
    // The service watches on without its database; who starts a new site sees the token at the next start.
    deps.logger.warn({ err: error }, 'the accounts cannot be read yet');
  }
  return {
    async check(given) {
      if (!(await nobody())) throw new CabinwatchError('CONFLICT', 'There are users already: sign in.');
      const [a, b] = [secretHash(given), secretHash(token)].map((hash) => Buffer.from(hash));
      if (!a || !b || !timingSafeEqual(a, b)) {
        throw new CabinwatchError('TOKEN_INVALID', 'This is not the token that the log shows at its start.');
      }
    },
  };
}
