import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Something that the person has to change; its message is all they need. */
export class SetupError extends Error {}

export function say(text) {
  process.stdout.write(`setup: ${text}\n`);
}

const HEARTBEAT_MS = 15_000;
const TAIL_CHARS = 4000;

/**
 * Runs a long command without its chatter: a line when it begins, one every 15 s, one when it is done. What it
 * printed is kept for the failure. Resolves to { code, output }.
 */
export async function runQuietly(title, command, args, options = {}) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  say(`${title} …`);
  const heartbeat = setInterval(() => say(`  still at it (${seconds()})`), HEARTBEAT_MS);
  try {
    const { code, output } = await capture(command, args, options);
    if (code === 0) say(`  done in ${seconds()}`);
    return { code, output };
  } finally {
    clearInterval(heartbeat);
  }
}

/** Runs a command and keeps the end of what it printed; a command that does not exist gives code 127. */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const keep = (chunk) => {
      output = (output + chunk).slice(-TAIL_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET|Could not resolve|Temporary failure resolving|Could not connect|Unable to connect/;

/** Turns a failed command into what to do about it. */
export function failed(what, output, advice) {
  const tail = output.trim().split('\n').slice(-12).join('\n  ');
  const network = NO_NETWORK.test(output)
    ? ' The network cannot be reached; this step needs it once (behind a proxy, set HTTPS_PROXY).'
    : '';
  return new SetupError(`${what} failed.${network} ${advice}\n  ${tail}`);
}
