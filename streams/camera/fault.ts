import { CabinwatchError, type ErrorCode } from '../../core/index.ts';
import type { CameraFault, FaultReason } from './health.ts';

const CODES: Readonly<Record<FaultReason, ErrorCode>> = Object.freeze({
  refused: 'CAMERA_UNREACHABLE',
  'no-route': 'CAMERA_UNREACHABLE',
  'unknown-host': 'CAMERA_UNREACHABLE',
  timeout: 'CAMERA_UNREACHABLE',
  unauthorized: 'CAMERA_UNAUTHORIZED',
  'not-found': 'CAMERA_NOT_FOUND',
  'no-video': 'CAMERA_NO_VIDEO',
  busy: 'CAMERA_NO_VIDEO',
  unsupported: 'CAMERA_UNSUPPORTED',
  flooding: 'CAMERA_FLOODING',
  stalled: 'CAMERA_NO_VIDEO',
  'not-pushing': 'CAMERA_UNREACHABLE',
  ended: 'CAMERA_UNREACHABLE',
  local: 'DEPENDENCY_MISSING',
});

/** Why there is no picture. The message names the camera without its secrets. */
export class CameraFaultError extends CabinwatchError {
  readonly reason: FaultReason;

  constructor(reason: FaultReason, message: string, options?: { cause?: unknown }) {
    super(CODES[reason], message, options);
    this.reason = reason;
  }

  get fault(): CameraFault {
    return { reason: this.reason, message: this.message };
  }
}

export const faultCode = (reason: FaultReason): ErrorCode => CODES[reason];

/** @param where the camera's address without secrets */
export function faultOfSocketError(error: NodeJS.ErrnoException, where: string): CameraFaultError {
  switch (error.code) {
    case 'ECONNREFUSED':
      return new CameraFaultError('refused', `${where} refuses the connection`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EHOSTDOWN':
      return new CameraFaultError('no-route', `there is no route to ${where}`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CameraFaultError('unknown-host', `the host of ${where} has no address`);
    case 'ETIMEDOUT':
      return new CameraFaultError('timeout', `${where} did not answer`);
    default:
      return new CameraFaultError(
        'ended',
        `the connection to ${where} broke: ${error.code ?? 'unknown cause'}`,
      );
  }
}

interface Pattern {
  readonly reason: FaultReason;
  readonly says: RegExp;
  readonly text: string;
}

/** What ffmpeg writes when it ends; the first that fits counts, so the more exact come first. */
const MESSAGES: readonly Pattern[] = [
  {
    reason: 'unauthorized',
    says: /401 Unauthorized|403 Forbidden|authorization failed/i,
    text: 'refuses the user name or password',
  },
  { reason: 'not-found', says: /404 (?:Stream )?Not Found|454 Session/i, text: 'has no such stream' },
  { reason: 'refused', says: /Connection refused/i, text: 'refuses the connection' },
  {
    reason: 'no-route',
    says: /No route to host|Network is unreachable/i,
    text: 'cannot be reached over the network',
  },
  {
    reason: 'unknown-host',
    says: /Failed to resolve hostname|Name or service not known/i,
    text: 'has no address',
  },
  { reason: 'timeout', says: /timed out|461 Unsupported transport/i, text: 'did not answer in time' },
  {
    reason: 'busy',
    says: /453 Not Enough|50[03] (?:Internal|Service)/i,
    text: 'has too many viewers, or is still starting',
  },
  { reason: 'no-video', says: /matches no streams|does not contain any stream/i, text: 'sends no picture' },
  {
    reason: 'unsupported',
    says: /Invalid data found|could not find codec|Decoder .* not found/i,
    text: 'sends what cannot be decoded',
  },
];

/** Makes one clear sentence of ffmpeg's last messages. */
export function faultOfMessages(messages: readonly string[], where: string): CameraFaultError {
  const said = messages.join('\n');
  const pattern = MESSAGES.find(({ says }) => says.test(said));
  if (pattern) return new CameraFaultError(pattern.reason, `${where} ${pattern.text}`);
  return new CameraFaultError('ended', `the connection to ${where} ended`);
}
