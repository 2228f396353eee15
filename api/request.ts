import type { FastifyRequest } from 'fastify';
import { CabinwatchError } from '../core/index.ts';
import type { Identity } from './auth/access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined only on public routes. */
    identity: Identity | undefined;
  }
}

export function whoAsks(request: Pick<FastifyRequest, 'identity'>): Identity {
  if (!request.identity) throw new CabinwatchError('UNAUTHENTICATED');
  return request.identity;
}
