import type { FastifyError, FastifyReply } from 'fastify';
import { CabinwatchError, type ErrorCode, type Logger } from '../core/index.ts';

/** An error of the table whose answer HTTP gives a finer status: 412 and 428 are no plain 409 and 400. */
export class PreconditionError extends CabinwatchError {
  override readonly httpStatus: 412 | 428;

  constructor(httpStatus: 412 | 428, detail: string) {
    super(httpStatus === 412 ? 'CONFLICT' : 'INPUT_INVALID', detail);
    this.httpStatus = httpStatus;
  }
}

/** Input whose mistakes are listed one by one. */
export class InputProblems extends CabinwatchError {
  readonly problems: readonly { readonly path: string; readonly message: string }[];

  constructor(detail: string, problems: InputProblems['problems']) {
    super('INPUT_INVALID', detail);
    this.problems = problems;
  }
}

/** Too soon; says after how many seconds it may be tried again. */
export class TooSoonError extends CabinwatchError {
  readonly retryAfterSeconds: number;

  constructor(waitMs: number) {
    const seconds = Math.ceil(waitMs / 1000);
    super('TOO_MANY', `Too many failed tries. Try again in ${seconds} s.`);
    this.retryAfterSeconds = seconds;
  }
}

export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
    readonly problems?: InputProblems['problems'];
  };
}

/** Answers with what a thrown error says; what is no error of ours is logged, and told to nobody. */
export function sendError(error: unknown, reply: FastifyReply, logger: Logger): void {
  const { status, body } = explain(error, logger);
  reply.header('cache-control', 'no-store');
  if (error instanceof TooSoonError) reply.header('retry-after', error.retryAfterSeconds);
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="cabinwatch"');
  reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function explain(error: unknown, logger: Logger): { status: number; body: ErrorBody } {
  if (error instanceof CabinwatchError) {
    const { code, message, retryable, httpStatus } = error;
    const problems = error instanceof InputProblems ? { problems: error.problems } : {};
    return { status: httpStatus, body: { error: { code, message, retryable, ...problems } } };
  }
  const { statusCode = 500, message } = error as FastifyError;
  if (statusCode < 500) {
    const code: ErrorCode = statusCode === 404 ? 'INPUT_NOT_FOUND' : 'INPUT_INVALID';
    return { status: statusCode, body: { error: { code, message, retryable: false } } };
  }
  logger.error({ err: error }, 'a request failed');
  const text = 'Something went wrong here; the log says what.';
  return { status: 500, body: { error: { code: 'INTERNAL', message: text, retryable: true } } };
}
