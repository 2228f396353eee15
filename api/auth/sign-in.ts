import { type AccountStore, type Actor, CabinwatchError, type Clock, type User } from '../../core/index.ts';
import type { Recorder } from '../audit.ts';
import { TooSoonError } from '../errors.ts';
import type { Passwords } from './passwords.ts';
import { SignInGuard } from './sign-in-guard.ts';

export interface Gatekeeper {
  /**
   * Whose login and password these are.
   * @throws CabinwatchError UNAUTHENTICATED in the same words and time for an unknown login, a wrong password and a
   * disabled user; TOO_MANY after too many failures
   */
  check(login: string, password: string, address: string): Promise<User>;
}

export interface GatekeeperDeps {
  readonly store: AccountStore;
  readonly passwords: Passwords;
  readonly record: Recorder;
  readonly clock: Clock;
}

const DOOR: Actor = Object.freeze({ kind: 'service', id: 'sign-in', name: 'sign-in' });

export function createGatekeeper({ store, passwords, record, clock }: GatekeeperDeps): Gatekeeper {
  const guard = new SignInGuard();
  return {
    async check(login, password, address) {
      const wait = guard.begin(login, address, clock.now());
      if (wait > 0) throw new TooSoonError(wait);
      const known = await store.credentials(login);
      const right = await passwords.verify(known?.secret.passwordHash, password);
      if (right && known && !known.user.disabled) {
        guard.succeeded(login, address, clock.now());
        return known.user;
      }
      // What was typed for an unknown login may be a password that slipped into the wrong field: it is not kept.
      const subject = known ? `user/${known.user.id}` : 'user';
      const reason = !known ? 'unknown login' : right ? 'disabled' : 'wrong password';
      await record(DOOR, 'user.sign-in-failed', subject, { reason, address });
      throw new CabinwatchError('UNAUTHENTICATED', 'Login or password is wrong.');
    },
  };
}
