import { CabinwatchError } from '../../core/index.ts';
import type { TurnOptions } from '../options.ts';
import type { IceMessage } from '../protocol/messages.ts';
import { turnCredentials } from './credentials.ts';

/** Gives each member the servers of the configuration, with credentials of their own. */
export type IceIssuer = (memberId: string, now: number) => IceMessage;

/** @throws CabinwatchError CONFIG_INVALID for TURN servers without a secret: every call through them would be refused */
export function createIceIssuer(options: TurnOptions): IceIssuer {
  const { stun, turn, ttlSeconds, relayOnly } = options;
  const secret = options.secret?.trim() ?? '';
  if (turn.length > 0 && secret === '') {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      'signaling.turn.secret is empty, but signaling.turn.turn names servers. Set it to their static-auth-secret.',
    );
  }
  if (relayOnly && turn.length === 0) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      'signaling.turn.relayOnly is true, but signaling.turn.turn names no server: no call could be made. Name one.',
    );
  }
  return (memberId, now) => ({
    servers: [
      ...(stun.length > 0 ? [{ urls: [...stun] }] : []),
      ...(turn.length > 0
        ? [{ urls: [...turn], ...turnCredentials(secret, memberId, now, ttlSeconds) }]
        : []),
    ],
    ttlMs: ttlSeconds * 1000,
    relayOnly,
  });
}
