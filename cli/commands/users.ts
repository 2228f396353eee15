import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { uuidv7 } from 'uuidv7';
import {
  type Actor,
  CabinwatchError,
  ROLES,
  type Role,
  SCOPES,
  type Scope,
  silentLogger,
  type User,
} from '../../core/index.ts';
import type { OpenAccounts } from '../../storage/index.ts';
import { addWhereOptions, type WhereFlags, whereOf } from '../records-place.ts';

const LOGIN = /^[a-z0-9][a-z0-9._@-]{0,63}$/;
const DAY_MS = 86_400_000;

/** Whoever has the service's data folder or database, and no session. */
const OPERATOR: Actor = { kind: 'service', id: 'cli', name: 'cabinwatch users' };

export function addUsersCommand(program: Command): void {
  const users = program
    .command('users')
    .description(
      'Make users and machines’ keys where the records are. With the embedded database, while the service is stopped;\n' +
        'the page and the API do the same while it runs.',
    );

  addWhereOptions(
    users
      .command('add')
      .description('Make a user. The password is read from standard input, or made up and printed.')
      .argument('<login>', 'what they sign in with: small letters, digits and . _ @ -')
      .option('--name <name>', 'as shown to people; default: the login')
      .addOption(new Option('--role <role>', 'what they may do').choices([...ROLES]).default('admin'))
      .option('--group <group...>', 'the lift groups they may see; default: all')
      .option('--password-stdin', 'take the first line of standard input as the password'),
  ).action(addUser);

  addWhereOptions(
    users
      .command('password')
      .description('Give a user a new password, and end their sessions.')
      .argument('<login>')
      .option('--password-stdin', 'take the first line of standard input as the password'),
  ).action(setPassword);

  addWhereOptions(users.command('list').description('List the users.')).action(listUsers);

  addWhereOptions(
    users
      .command('key')
      .description('Make a key for a machine. Its token is printed once and kept nowhere.')
      .argument('<name>', 'what it is for')
      .addOption(
        new Option('--scope <scope...>', 'what it may be used for')
          .choices([...SCOPES])
          .makeOptionMandatory(),
      )
      .option('--group <group...>', 'the lift groups it may see; default: all')
      .option('--days <n>', 'how long it is good for; default: until it is revoked', Number),
  ).action(addKey);
}

interface UserFlags extends WhereFlags {
  readonly name?: string;
  readonly role: Role;
  readonly group?: string[];
  readonly passwordStdin?: boolean;
}

async function addUser(login: string, flags: UserFlags): Promise<void> {
  if (!LOGIN.test(login)) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `login: expected small letters, digits and . _ @ -, found "${login}".`,
    );
  }
  if (flags.role === 'admin' && flags.group) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      'An admin sees all lifts: leave --group out, or give a lesser role.',
    );
  }
  const { passwordHash, say } = await takePassword(flags.passwordStdin);
  await withAccounts(flags, async ({ accounts, append }) => {
    if (await accounts.credentials(login)) {
      throw new CabinwatchError('CONFLICT', `There is a user "${login}" already.`);
    }
    const at = Date.now();
    const { name = login, role, group: groups } = flags;
    const user: User = { id: uuidv7(), login, name, role, groups, disabled: false, createdAt: at };
    const data = { login, role, ...(groups && { groups }) };
    await append({ at, actor: OPERATOR, action: 'user.created', subject: `user/${user.id}`, data });
    await accounts.putUser(user, { passwordHash });
  });
  say(login);
}

async function setPassword(
  login: string,
  flags: WhereFlags & { readonly passwordStdin?: boolean },
): Promise<void> {
  const { passwordHash, say } = await takePassword(flags.passwordStdin);
  await withAccounts(flags, async ({ accounts, append }) => {
    const known = await accounts.credentials(login);
    if (!known) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no user "${login}".`);
    const subject = `user/${known.user.id}`;
    await append({ at: Date.now(), actor: OPERATOR, action: 'user.password-reset', subject, data: {} });
    await accounts.putUser(known.user, { passwordHash });
    await accounts.removeSessionsOf(known.user.id);
  });
  say(login);
}

async function listUsers(flags: WhereFlags): Promise<void> {
  await withAccounts(flags, async ({ accounts }) => {
    for (const { login, role, groups, disabled, name } of await accounts.users()) {
      const seen = groups ? groups.join(',') : 'all lifts';
      process.stdout.write(`${[login, role, seen, disabled ? 'disabled' : 'active', name].join('  ')}\n`);
    }
  });
}

interface KeyFlags extends WhereFlags {
  readonly scope: Scope[];
  readonly group?: string[];
  readonly days?: number;
}

async function addKey(
  name: string,
  { scope: scopes, group: groups, days, ...where }: KeyFlags,
): Promise<void> {
  if (days !== undefined && !(days > 0)) {
    throw new CabinwatchError('CONFIG_INVALID', '--days: expected a number above 0.');
  }
  const { newKeyToken, secretHash } = await import('../../api/index.ts');
  const token = newKeyToken();
  await withAccounts(where, async ({ accounts, append }) => {
    const at = Date.now();
    const id = uuidv7();
    const expiresAt = days === undefined ? undefined : at + Math.round(days * DAY_MS);
    const data = { name, scopes, ...(groups && { groups }), ...(expiresAt && { expiresAt }) };
    await append({ at, actor: OPERATOR, action: 'key.created', subject: `key/${id}`, data });
    await accounts.putKey(
      { id, name, scopes, groups, createdAt: at, expiresAt, revokedAt: undefined },
      secretHash(token),
    );
  });
  process.stdout.write(`${token}\n`);
}

async function withAccounts(flags: WhereFlags, work: (open: OpenAccounts) => Promise<void>): Promise<void> {
  const { openAccounts } = await import('../../storage/index.ts');
  const open = await openAccounts(await whereOf(flags), silentLogger);
  try {
    await work(open);
  } finally {
    await open.close();
  }
}

interface Taken {
  readonly passwordHash: string;
  /** Tells the person what was done, and the password if it was made up. */
  say(login: string): void;
}

/** Never an argument: those stand in the shell's history and in every process list. */
async function takePassword(fromStdin = false): Promise<Taken> {
  const { createPasswords, MIN_PASSWORD_LENGTH } = await import('../../api/index.ts');
  const password = fromStdin ? await firstLine() : randomBytes(15).toString('base64url');
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `The password needs at least ${MIN_PASSWORD_LENGTH} characters.`,
    );
  }
  const passwordHash = await (await createPasswords()).hash(password);
  const made = fromStdin ? '' : `, password ${password}`;
  return { passwordHash, say: (login) => void process.stdout.write(`${login}${made}\n`) };
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0]?.replace(/\r$/, '') ?? '';
}
