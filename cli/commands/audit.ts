import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { type AuditEntry, type AuditHead, CabinwatchError, silentLogger } from '../../core/index.ts';
import type { AuditVerdict, OpenAudit } from '../../storage/index.ts';
import { addSourceOptions, askService } from '../ask-service.ts';
import { type WhereFlags, whereOf } from '../records-place.ts';

interface VerifyFlags extends WhereFlags {
  readonly anchor?: string;
  readonly json?: boolean;
}

const PAGE = 500;

export function addAuditCommand(program: Command): void {
  const audit = program
    .command('audit')
    .description('Check that the records have not been changed, or write the log of them to a file.');

  addSourceOptions(
    audit
      .command('verify')
      .description(
        'Go through the whole chain and the incident records it vouches for; name the first entry that was changed,\n' +
          'removed or moved. Exit code 0: nothing was; 1: something was.',
      )
      .option('--anchor <file>', 'heads written down earlier: shows also what was cut off at the end')
      .option('--json', 'print the verdict as JSON'),
  ).action(verify);

  addSourceOptions(
    audit
      .command('export')
      .description('Write every entry as a line of JSON, oldest first.')
      .option('-o, --out <file>', 'where the lines go; - for standard output', '-'),
  ).action(exportLog);
}

/** The log where it lies, or as a running service gives it: that one leaves out the incident records it vouches for. */
type AuditView = Pick<OpenAudit, 'head' | 'entries' | 'close'> & Partial<OpenAudit>;

async function openLog(flags: WhereFlags): Promise<AuditView> {
  if (flags.service === undefined) {
    const { openAudit } = await import('../../storage/index.ts');
    return openAudit(await whereOf(flags), silentLogger);
  }
  const service = askService(flags.service);
  return {
    head: () => service.get<AuditHead>('/api/audit/head'),
    entries: (after, limit) => service.get<AuditEntry[]>(`/api/audit?after=${after}&limit=${limit}`),
    close: async () => {},
  };
}

async function verify(flags: VerifyFlags): Promise<void> {
  const { readAnchors, verifyAudit } = await import('../../storage/index.ts');
  const anchors = flags.anchor === undefined ? [] : await readAnchors(flags.anchor);
  const log = await openLog(flags);
  try {
    // Read before the entries: what a running service adds meanwhile is later than both.
    const changes = (await log.changes?.()) ?? 0;
    const head = await log.head();
    const heads = head.seq > 0 ? [...anchors, head] : anchors;
    const verdict = await verifyAudit(log, { anchors: heads, changes });
    report(verdict, {
      anchors: anchors.length,
      incidents: log.changes !== undefined,
      json: flags.json === true,
    });
  } finally {
    await log.close();
  }
}

interface Checked {
  readonly anchors: number;
  /** Whether the incident records were compared with what the log says of them. */
  readonly incidents: boolean;
  readonly json: boolean;
}

function report({ entries, head, fault }: AuditVerdict, { anchors, incidents, json }: Checked): void {
  if (fault) process.exitCode = 1;
  if (json) {
    const verdict = { ok: !fault, entries, head, anchors, incidents, fault: fault ?? null };
    process.stdout.write(`${JSON.stringify(verdict)}\n`);
    return;
  }
  const anchored = anchors === 0 ? 'no anchors were given' : `${anchors} anchors hold`;
  const held = incidents
    ? anchored
    : `${anchored}; incident records are compared only where the database is opened`;
  process.stdout.write(
    fault
      ? `CHANGED: entry ${fault.seq}: ${fault.why}. The ${entries} entries before it are as they were written.\n`
      : `Unchanged: ${entries} entries, ${held}. Head: ${head.seq} ${head.hash}\n`,
  );
}

async function exportLog(flags: WhereFlags & { readonly out: string }): Promise<void> {
  const log = await openLog(flags);
  const out: NodeJS.WritableStream = flags.out === '-' ? process.stdout : createWriteStream(flags.out);
  try {
    for (let after = 0; ; ) {
      const page = await log.entries(after, PAGE);
      for (const entry of page) {
        if (!out.write(`${JSON.stringify(entry)}\n`)) await once(out, 'drain');
      }
      const last = page.at(-1);
      if (!last) break;
      after = last.seq;
    }
    if (out !== process.stdout) {
      out.end();
      await finished(out);
    }
  } catch (cause) {
    if (cause instanceof CabinwatchError) throw cause;
    throw new CabinwatchError('OUTPUT_FAILED', `${flags.out} can't be written: ${String(cause)}`, { cause });
  } finally {
    await log.close();
  }
}
