import { pino } from 'pino';
import { redactUrls } from './redact.ts';

type LogFields = Readonly<Record<string, unknown>>;

/** What the modules need of a logger. The text is static; what varies goes into the fields. */
export interface Logger {
  debug(fields: LogFields, text: string): void;
  info(fields: LogFields, text: string): void;
  warn(fields: LogFields, text: string): void;
  error(fields: LogFields, text: string): void;
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

/** JSON lines on standard error, credentials in URLs hidden wherever they occur. */
export function createLogger(options: LoggerOptions): Logger {
  const destination = {
    write: (line: string): void => {
      process.stderr.write(redactUrls(line));
    },
  };
  return pino({ level: options.level, base: null }, destination);
}

export const silentLogger: Logger = Object.freeze({
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
});
