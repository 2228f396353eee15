import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type Server } from 'node:tls';
import { CabinwatchError, type Logger } from '../core/index.ts';
import type { ApiOptions } from './options.ts';

export type TlsFiles = NonNullable<ApiOptions['tls']>;

export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const LOOK_EVERY_MS = 5000;

/** @throws CabinwatchError CONFIG_INVALID for files that cannot be read or do not belong together */
export async function readTls({ cert, key }: TlsFiles): Promise<TlsPair> {
  try {
    const pair = { cert: await readFile(cert), key: await readFile(key) };
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CabinwatchError('CONFIG_INVALID', `api.tls: ${cert} and ${key} cannot be used: ${reason}`, {
      cause,
    });
  }
}

/**
 * Takes a renewed certificate without a restart; one that is half written or wrong is left alone until it is right.
 * The files are looked at by name: renewal often exchanges a link, which a watch on the file itself would miss.
 */
export function followTls(
  server: Server,
  files: TlsFiles,
  logger: Logger,
  everyMs = LOOK_EVERY_MS,
): () => void {
  const reload = async (): Promise<void> => {
    try {
      server.setSecureContext(await readTls(files));
      logger.info({ cert: files.cert }, 'the renewed certificate is in use');
    } catch (error) {
      logger.warn({ err: error }, 'the changed certificate cannot be used; the one before stays');
    }
  };
  const onChange = (): void => void reload();
  for (const file of [files.cert, files.key])
    watchFile(file, { interval: everyMs, persistent: false }, onChange);
  return () => {
    for (const file of [files.cert, files.key]) unwatchFile(file, onChange);
  };
}
