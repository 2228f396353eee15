interface ErrorEntry {
  readonly httpStatus: number;
  /** False: trying the same thing again cannot help. */
  readonly retryable: boolean;
  /** What the person who reads it should know; details are added by the thrower. */
  readonly message: string;
}

/** The one error table. Codes are stable: they appear in logs, API answers and alarm messages. */
export const ERRORS = Object.freeze({
  CONFIG_INVALID: { httpStatus: 400, retryable: false, message: 'The configuration is not valid.' },
  INPUT_NOT_FOUND: { httpStatus: 404, retryable: false, message: 'The input does not exist.' },
  INPUT_EMPTY: { httpStatus: 400, retryable: false, message: 'The input is empty.' },
  INPUT_NOT_VIDEO: {
    httpStatus: 400,
    retryable: false,
    message: 'The input holds no video that can be decoded.',
  },
  INPUT_TRUNCATED: { httpStatus: 400, retryable: false, message: 'The input is damaged or cut short.' },
  OUTPUT_FAILED: { httpStatus: 500, retryable: false, message: 'The output could not be written.' },
  DEPENDENCY_MISSING: { httpStatus: 500, retryable: false, message: 'A program or package is missing.' },
  MODEL_INVALID: { httpStatus: 500, retryable: false, message: 'The model or its manifest is not valid.' },
  MODEL_NOT_BUILT: { httpStatus: 503, retryable: false, message: 'The model file has not been built.' },
  INFERENCE_FAILED: { httpStatus: 500, retryable: true, message: 'The model failed on a picture.' },
  CAMERA_UNREACHABLE: { httpStatus: 502, retryable: true, message: 'The camera does not answer.' },
  CAMERA_UNAUTHORIZED: {
    httpStatus: 502,
    retryable: true,
    message: 'The camera refuses the user name or password.',
  },
  CAMERA_NOT_FOUND: { httpStatus: 502, retryable: true, message: 'The camera has no such stream.' },
  CAMERA_FLOODING: { httpStatus: 502, retryable: true, message: 'The camera sends far more than it says.' },
  CAMERA_NO_VIDEO: { httpStatus: 502, retryable: true, message: 'The camera answers but sends no picture.' },
  CAMERA_UNSUPPORTED: {
    httpStatus: 502,
    retryable: false,
    message: 'The camera sends video that cannot be decoded.',
  },
  MEDIA_UNAVAILABLE: { httpStatus: 404, retryable: true, message: 'The asked for media are not there.' },
  TOKEN_INVALID: { httpStatus: 401, retryable: false, message: 'The token is missing, wrong or expired.' },
  ADDRESS_IN_USE: {
    httpStatus: 500,
    retryable: true,
    message: 'Another program listens on the same address and port.',
  },
  FORBIDDEN: { httpStatus: 403, retryable: false, message: 'This is not allowed from there.' },
  UNAUTHENTICATED: { httpStatus: 401, retryable: false, message: 'Sign in first.' },
  CONFLICT: { httpStatus: 409, retryable: false, message: 'It contradicts what is there already.' },
  TOO_MANY: { httpStatus: 429, retryable: true, message: 'Too many at once; wait a little.' },
  INPUT_INVALID: { httpStatus: 400, retryable: false, message: 'The input is not valid.' },
  STORAGE_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    message: 'The database cannot be reached or has no room.',
  },
  SINK_FAILED: { httpStatus: 502, retryable: true, message: 'The receiver did not take the message.' },
  SINK_REFUSED: { httpStatus: 502, retryable: false, message: 'The receiver refuses the message.' },
  CLOSED: { httpStatus: 503, retryable: false, message: 'It has been closed.' },
} satisfies Record<string, ErrorEntry>);

export type ErrorCode = keyof typeof ERRORS;

export class CabinwatchError extends Error {
  readonly code: ErrorCode;
  readonly httpStatus: number;
  readonly retryable: boolean;

  /** @param detail what was wrong, where, and what to do; must hold no secret */
  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
    const entry = ERRORS[code];
    super(detail ?? entry.message, options);
    this.name = 'CabinwatchError';
    this.code = code;
    this.httpStatus = entry.httpStatus;
    this.retryable = entry.retryable;
  }
}
