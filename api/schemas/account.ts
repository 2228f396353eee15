import { type Static, Type } from 'typebox';
import { type ApiKey, ROLES, SCOPES, type User } from '../../core/index.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../auth/passwords.ts';
import { nullable, strict, Time } from './common.ts';

export const RoleSchema = Type.Enum([...ROLES]);
export const ScopeSchema = Type.Enum([...SCOPES]);

export const Login = Type.String({
  pattern: '^[a-z0-9][a-z0-9._@-]{0,63}$',
  description: 'Small letters, digits and . _ @ -',
});
export const PersonName = Type.String({ minLength: 1, maxLength: 80 });
export const NewPassword = Type.String({
  minLength: MIN_PASSWORD_LENGTH,
  maxLength: MAX_PASSWORD_LENGTH,
  description: `At least ${MIN_PASSWORD_LENGTH} characters. Any will do: length counts.`,
});
export const GivenPassword = Type.String({ minLength: 1, maxLength: MAX_PASSWORD_LENGTH });

export const Groups = nullable(
  Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
    maxItems: 100,
    description: 'Lift groups they may see; null is all.',
  }),
);

export const UserView = Type.Object(
  {
    id: Type.String(),
    login: Type.String(),
    name: Type.String(),
    role: RoleSchema,
    groups: Groups,
    disabled: Type.Boolean(),
    createdAt: Time,
  },
  { $id: 'User' },
);
export type UserView = Static<typeof UserView>;

export const userView = ({ groups, ...user }: User): UserView => ({
  ...user,
  groups: groups ? [...groups] : null,
});

export const KeyView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(ScopeSchema),
    groups: Groups,
    createdAt: Time,
    expiresAt: nullable(Time),
    revokedAt: nullable(Time),
  },
  { $id: 'Key' },
);
export type KeyView = Static<typeof KeyView>;

export const keyView = ({ scopes, groups, expiresAt, revokedAt, ...key }: ApiKey): KeyView => ({
  ...key,
  scopes: [...scopes],
  groups: groups ? [...groups] : null,
  expiresAt: expiresAt ?? null,
  revokedAt: revokedAt ?? null,
});

export const NewUser = strict({
  login: Login,
  name: PersonName,
  role: RoleSchema,
  groups: Type.Optional(Groups),
  password: NewPassword,
});

export const ChangedUser = strict({
  name: Type.Optional(PersonName),
  role: Type.Optional(RoleSchema),
  groups: Type.Optional(Groups),
  disabled: Type.Optional(Type.Boolean()),
});

export const NewKey = strict({
  name: PersonName,
  scopes: Type.Array(ScopeSchema, { minItems: 1, maxItems: SCOPES.length, uniqueItems: true }),
  groups: Type.Optional(Groups),
  expiresAt: Type.Optional(Time),
});

/** Who asks, and how they got in. */
export const MeView = Type.Object(
  {
    entry: Type.Enum(['open', 'session', 'key'], {
      description: '`open`: nobody has to sign in here.',
    }),
    name: Type.String(),
    role: nullable(RoleSchema),
    scopes: Type.Array(ScopeSchema),
    groups: Groups,
  },
  { $id: 'Me' },
);
export type MeView = Static<typeof MeView>;
