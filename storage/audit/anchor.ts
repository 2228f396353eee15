import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { uuidv7 } from 'uuidv7';
import { type AuditHead, type AuditLog, CabinwatchError, type Clock, type Logger } from '../../core/index.ts';
import type { AnchorOptions } from '../options.ts';

export interface Anchor extends AuditHead {
  readonly at: number;
}

export interface AnchorDeps {
  readonly audit: Pick<AuditLog, 'head'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const POST_TIMEOUT_MS = 10_000;

/**
 * Writes the head of the chain down where this machine's administrator cannot quietly change it. Does nothing when nothing
 * has been entered since `last`.
 * @returns the anchor, or `last`
 * @throws what the file or the receiver said
 */
export async function dropAnchor(
  options: AnchorOptions,
  { audit, clock }: Pick<AnchorDeps, 'audit' | 'clock'>,
  last: Anchor | undefined,
): Promise<Anchor | undefined> {
  const { seq, hash } = await audit.head();
  if (seq === 0 || seq === last?.seq) return last;
  const anchor: Anchor = { seq, hash, at: clock.now() };
  if (options.file) await appendLine(options.file, JSON.stringify(anchor));
  if (options.url) await post(options.url, options.secret, anchor);
  return anchor;
}

/** @throws CabinwatchError INPUT_NOT_FOUND, INPUT_INVALID */
export async function readAnchors(file: string): Promise<Anchor[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new CabinwatchError('INPUT_NOT_FOUND', `The anchor file ${file} can't be read.`, { cause });
  }
  // Without the line that a crash may have cut short.
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  return lines.map((line, i) => {
    try {
      const { seq, hash, at } = JSON.parse(line) as Partial<Anchor>;
      if (typeof seq === 'number' && typeof hash === 'string') return { seq, hash, at: at ?? 0 };
    } catch {
      // Said below.
    }
    throw new CabinwatchError('INPUT_INVALID', `${file}, line ${i + 1}: this is no anchor.`);
  });
}

/** Drops an anchor now and every so often. What fails is logged and tried again the next time. */
export function keepAnchoring(options: AnchorOptions, deps: AnchorDeps): { close(): void } {
  if (!options.file && !options.url) return { close() {} };
  let last: Anchor | undefined;
  const drop = async (): Promise<void> => {
    try {
      last = await dropAnchor(options, deps, last);
    } catch (error) {
      deps.logger.warn({ error: String(error) }, 'the audit log could not be anchored');
    }
  };
  void drop();
  const timer = setInterval(() => void drop(), options.everyHours * 3_600_000);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a');
  try {
    await file.appendFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function post(url: string, secret: string | undefined, anchor: Anchor): Promise<void> {
  const body = JSON.stringify({
    type: 'cabinwatch.audit.anchor',
    timestamp: new Date(anchor.at),
    data: anchor,
  });
  const id = uuidv7();
  const sent = new Date();
  const signature = secret && { 'webhook-signature': new Webhook(secret).sign(id, sent, body) };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sent.getTime() / 1000)),
      ...signature,
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(POST_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok)
    throw new CabinwatchError('SINK_FAILED', `The receiver of anchors answered ${response.status}.`);
}
