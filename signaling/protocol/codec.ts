import { Compile } from 'typebox/compile';
import { ClientMessage, type ErrorMessage, type PartyMessage, type SignalErrorCode } from './messages.ts';

/** Trying again later may help. */
const RETRYABLE: ReadonlySet<SignalErrorCode> = new Set(['BUSY', 'NO_CABIN', 'NO_PEER', 'FULL', 'RATE']);

/** A message that was refused, in the words the sender is told. */
export class ProtocolError extends Error {
  readonly code: SignalErrorCode;
  /** With BUSY: who has the call. */
  readonly heldBy: PartyMessage | undefined;

  constructor(code: SignalErrorCode, message: string, heldBy?: PartyMessage) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
    this.heldBy = heldBy;
  }

  toMessage(): ErrorMessage {
    const { code, message, heldBy } = this;
    return { type: 'error', code, message, retryable: RETRYABLE.has(code), ...(heldBy && { heldBy }) };
  }
}

/** Each kind has its own validator: a refusal then names the field, and nothing is tried that cannot match. */
const KINDS = new Map(
  ClientMessage.anyOf.map((schema) => [schema.properties.type.const as string, Compile(schema)] as const),
);

/**
 * @throws ProtocolError BAD_MESSAGE or UNKNOWN_TYPE. Neither repeats what was sent: it may hold a token.
 */
export function parseClientMessage(text: string): ClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError('BAD_MESSAGE', 'The message is not JSON.');
  }
  const kind = (value as { type?: unknown } | null)?.type;
  if (typeof kind !== 'string')
    throw new ProtocolError('BAD_MESSAGE', 'The message has no field "type" with a text.');
  const validator = KINDS.get(kind);
  if (!validator)
    throw new ProtocolError(
      'UNKNOWN_TYPE',
      `This server knows no such message. It knows ${[...KINDS.keys()].join(', ')}.`,
    );
  if (validator.Check(value)) return value as ClientMessage;
  const [first] = validator.Errors(value);
  throw new ProtocolError(
    'BAD_MESSAGE',
    `${kind}${first?.instancePath ?? ''}: ${first?.message ?? 'not valid'}.`,
  );
}
