import { createHash } from 'node:crypto';
import type { Config, DeepReadonly } from '../../config/index.ts';
import { type AuditLog, type Clock, type Logger, redactUrls } from '../../core/index.ts';

const SECRET_KEYS: ReadonlySet<string> = new Set(['password', 'secret', 'secrets', 'publishKey', 'headers']);

/**
 * Enters what the service runs with, each section by its hash: so that it is seen when settings of the file have changed
 * between two starts. Secrets are left out of the hashes, since short ones could be guessed from them.
 */
export function auditSettings(
  config: DeepReadonly<Config>,
  { audit, clock, logger }: { audit: Pick<AuditLog, 'append'>; clock: Clock; logger: Logger },
): void {
  const sections = Object.entries(config).map(([name, section]) => [name, hashOf(section)]);
  audit
    .append({
      at: clock.now(),
      actor: { kind: 'service', id: 'settings', name: 'settings' },
      action: 'settings.loaded',
      subject: 'settings',
      data: Object.fromEntries(sections),
    })
    .catch((error) => logger.warn({ error: String(error) }, 'the settings could not be entered in the log'));
}

function hashOf(section: unknown): string {
  const text = JSON.stringify(section, (key, value: unknown) => {
    if (SECRET_KEYS.has(key)) return '***';
    return typeof value === 'string' ? redactUrls(value) : value;
  });
  return createHash('sha256').update(text).digest('hex');
}
