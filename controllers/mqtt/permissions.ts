import { createHash, timingSafeEqual } from 'node:crypto';
import { CabinwatchError } from '../../core/index.ts';
import { type MqttLift, messageTopic, treeOf } from './source.ts';

interface Account {
  readonly passwordHash: Buffer;
  readonly trees: Set<string>;
  readonly topics: Set<string>;
}

/**
 * Who may sign in at the built-in broker, and write where. Passwords are kept as SHA-256: they are long random texts from a
 * configuration file, and 70,000 controllers that come back at once must not wait for a slow hash.
 */
export interface Permissions {
  /** A pass, if the password is right. It is worth nothing once the password has been changed. */
  signIn(user: string | undefined, password: Uint8Array | undefined): string | undefined;
  mayPublish(pass: string, topic: string): boolean;
}

/** @throws CabinwatchError CONFIG_INVALID for one user with two passwords */
export function createPermissions(lifts: readonly MqttLift[]): Permissions {
  const accounts = new Map<string, Account>();
  for (const lift of lifts) {
    const { user = lift.id, password } = lift.controller;
    if (password === undefined) continue;
    const passwordHash = sha256(Buffer.from(password));
    const account = accounts.get(user) ?? { passwordHash, trees: new Set(), topics: new Set() };
    if (!account.passwordHash.equals(passwordHash)) {
      const detail = `lift ${lift.id}, controller.password: expected the one that user "${user}" has in another lift, found another`;
      throw new CabinwatchError('CONFIG_INVALID', detail);
    }
    accounts.set(user, account);
    account.trees.add(treeOf(lift.id));
    account.topics.add(messageTopic(lift));
  }
  const passOf = (user: string, { passwordHash }: Account): string =>
    `${passwordHash.toString('hex')} ${user}`;
  const byPass = new Map([...accounts].map(([user, account]) => [passOf(user, account), account]));
  const nobody = sha256(Buffer.from('nobody'));
  return {
    signIn(user, password) {
      const account = user === undefined ? undefined : accounts.get(user);
      // Compared in any case, so that the time tells nothing about which users there are.
      const right = timingSafeEqual(sha256(password ?? new Uint8Array()), account?.passwordHash ?? nobody);
      return user !== undefined && account && right ? passOf(user, account) : undefined;
    },
    mayPublish(pass, topic) {
      const account = byPass.get(pass);
      if (!account) return false;
      return (
        account.topics.has(topic) ||
        account.trees.has(topic.slice(0, topic.indexOf('/', topic.indexOf('/') + 1) + 1))
      );
    },
  };
}

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
