import { CabinwatchError } from '../../core/index.ts';
import type { InputSpec } from './command.ts';

/** Something to read, and what has to be written to the program's standard input for it. */
export interface Input extends InputSpec {
  readonly stdin: string;
  /** Whether packets may come without times, as the first of an RTSP stream do. */
  readonly gaps: boolean;
  /** In place of `options` for ffprobe, which knows fewer. */
  readonly probeOptions?: readonly string[];
}

const PROTOCOLS = 'pipe,fd,file,crypto,rtsp,rtsps,rtp,srtp,tcp,udp,tls,rtmp,rtmps,http,https';

/** A local file. `file:` keeps names with a colon or a leading dash from being taken for something else. */
export function fileInput(path: string): Input {
  return { target: `file:${path}`, options: [], stdin: '', gaps: false };
}

/**
 * An address, handed over as an ffconcat script on standard input: what stands on the command line or in the
 * environment can be read by others on the machine (`ps`, `/proc/PID/cmdline`).
 * @param options how to open it, such as `rtsp_transport`
 * @throws CabinwatchError CONFIG_INVALID for an address with a line break in it
 */
export function addressInput(
  address: string,
  options: Readonly<Record<string, string | number>> = {},
): Input {
  const { analyzeduration } = options;
  return {
    target: 'pipe:0',
    options: [
      ...['-f', 'concat', '-safe', '0', '-protocol_whitelist', PROTOCOLS],
      // The rate is not measured, which would take seconds; what holds for the stream's reader holds for the script's.
      ...['-fpsprobesize', '0'],
      ...(analyzeduration === undefined ? [] : ['-analyzeduration', String(analyzeduration)]),
    ],
    stdin: inputScript(address, { fpsprobesize: 0, ...options }),
    gaps: true,
  };
}

export function inputScript(address: string, options: Readonly<Record<string, string | number>>): string {
  const lines = ['ffconcat version 1.0', `file ${quote(address)}`];
  for (const [name, value] of Object.entries(options)) lines.push(`option ${name} ${quote(String(value))}`);
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  if (/[\r\n\0]/.test(text)) {
    throw new CabinwatchError('CONFIG_INVALID', 'An address must not contain a line break.');
  }
  // Within quotes only the quote itself is special: close, escape it, open again.
  return `'${text.replaceAll("'", "'\\''")}'`;
}
