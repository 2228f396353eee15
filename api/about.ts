import type { FastifySchema } from 'fastify';
import { ERRORS, type ErrorCode } from '../core/index.ts';
import type { Access } from './auth/access.ts';
import { ref } from './schemas/common.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. One without does not start. */
    readonly access?: Access;
  }
}

type Documented = FastifySchema & {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly response: Readonly<Record<number, unknown>>;
};

interface About<S> {
  readonly schema: S;
  readonly config: { readonly access: Access };
}

/**
 * A route's schema with what follows from its access: how it is secured, and the errors that any such route can answer
 * with beside its own. So the document and what is enforced have one source.
 */
export function about<const S extends Documented>(
  access: Access,
  schema: S,
  errors: readonly ErrorCode[] = [],
): About<S> {
  const codes = [...errors];
  if (schema.params || schema.querystring || schema.headers || schema.body) codes.push('INPUT_INVALID');
  if (access !== 'public') codes.push('UNAUTHENTICATED', 'STORAGE_UNAVAILABLE');
  codes.push('FORBIDDEN');
  const whole = {
    ...schema,
    description: [schema.description, whoMay(access)].filter(Boolean).join(' '),
    security: access === 'public' ? [] : [{ session: [] }, ...(keysMay(access) ? [{ key: [] }] : [])],
    response: { ...schema.response, ...errorAnswers(codes) },
    'x-access': access,
  };
  return { schema: whole as S, config: { access } };
}

const keysMay = (access: Access): boolean => typeof access === 'string' || access.scope !== undefined;

function whoMay(access: Access): string {
  if (access === 'public') return 'Open to anyone who can reach the service.';
  if (access === 'known') return 'For anyone who is signed in, and any key.';
  const keys = access.scope ? `keys with the scope \`${access.scope}\`` : 'no keys';
  const limits = access.everyLift ? ' Not for those limited to groups of lifts.' : '';
  return `For the role ${access.role} and above, and ${keys}.${limits}`;
}

function errorAnswers(codes: readonly ErrorCode[]): Record<number, unknown> {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const { httpStatus, message } = ERRORS[code];
    byStatus.set(httpStatus, [...(byStatus.get(httpStatus) ?? []), `\`${code}\`: ${message}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [status, { ...ref('Error'), description: lines.join(' ') }]),
  );
}
