import { ProtocolError } from '../protocol/codec.ts';
import { type HelloMessage, PROTOCOL_VERSION } from '../protocol/messages.ts';
import { RIGHTS, type Right } from '../rooms/roles.ts';
import type { Grant } from '../tokens/grant.ts';
import { NonceBook } from '../tokens/nonce-book.ts';
import type { TokenSigner } from '../tokens/token-signer.ts';

interface Withdrawal {
  readonly rights: readonly Right[];
  /** Tokens from before it have lost the rights. */
  readonly at: number;
  /** By then every such token has run out. */
  readonly until: number;
}

/** Reads what newcomers show, and knows what must no longer be let in. */
export class Gate {
  readonly #signer: TokenSigner;
  readonly #nonces: NonceBook;
  readonly #withdrawn = new Map<string, Withdrawal>();

  constructor(signer: TokenSigner, startedAt: number) {
    this.#signer = signer;
    this.#nonces = new NonceBook(startedAt);
  }

  /** @throws ProtocolError VERSION, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REPLAYED, NOT_ALLOWED */
  admit(hello: HelloMessage, now: number): Grant {
    if (!hello.versions.includes(PROTOCOL_VERSION))
      throw new ProtocolError('VERSION', `This server speaks version ${PROTOCOL_VERSION} of the protocol.`);
    const resumes = hello.resume !== undefined;
    const grant = this.#signer.read(hello.resume ?? hello.token ?? '', now);
    if (resumes !== (grant.kind === 'resume'))
      throw new ProtocolError('TOKEN_INVALID', 'A token of this kind does not belong there.');
    if (grant.kind === 'join' && !this.#nonces.use(grant, now))
      throw new ProtocolError('TOKEN_REPLAYED', 'The token was used before. Ask for a new one.');
    const rights = this.#standing(grant);
    if (rights.length === 0) throw new ProtocolError('NOT_ALLOWED', 'Your rights were withdrawn.');
    return { ...grant, rights };
  }

  withdraw(
    liftId: string,
    identity: string,
    rights: readonly Right[] | 'all',
    now: number,
    untilMs: number,
  ): void {
    const key = `${liftId}\n${identity}`;
    const before = this.#withdrawn.get(key)?.rights ?? [];
    const taken = rights === 'all' ? RIGHTS : [...new Set([...before, ...rights])];
    this.#withdrawn.set(key, { rights: taken, at: now, until: now + untilMs });
    for (const [other, { until }] of this.#withdrawn) if (until <= now) this.#withdrawn.delete(other);
  }

  #standing(grant: Grant): Right[] {
    const withdrawal = this.#withdrawn.get(`${grant.liftId}\n${grant.identity}`);
    if (!withdrawal || grant.issuedAt > withdrawal.at) return [...grant.rights];
    return grant.rights.filter((right) => !withdrawal.rights.includes(right));
  }
}
