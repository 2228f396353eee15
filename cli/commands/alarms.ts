import type { Command } from 'commander';
import { type DeadLetter, type OutboxStore, silentLogger } from '../../core/index.ts';
import { addSourceOptions, askService } from '../ask-service.ts';
import { type WhereFlags, whereOf } from '../records-place.ts';
import { wholeNumber } from '../whole-number.ts';

export function addAlarmsCommand(program: Command): void {
  const alarms = program
    .command('alarms')
    .description('See and replay messages that no attempt could deliver, or that a receiver refused.');

  addSourceOptions(
    alarms
      .command('list')
      .description('List the dead letters, oldest first.')
      .option('--limit <n>', 'at most so many', wholeNumber(1), 100)
      .option('--json', 'one JSON object a line, with the whole message'),
  ).action(listDead);

  addSourceOptions(
    alarms
      .command('replay')
      .description(
        'Put dead letters back in line; they go out when the service runs, before what is waiting.',
      )
      .argument('<id...>', 'numbers from the list, or "all"'),
  ).action(replay);
}

/** The most that the API gives and takes at once. */
const AT_ONCE = 1000;

type DeadLetters = Pick<OutboxStore, 'deadLetters' | 'replay'> & { close(): Promise<void> };

async function openDeadLetters(flags: WhereFlags): Promise<DeadLetters> {
  if (flags.service === undefined) {
    const { openOutbox } = await import('../../storage/index.ts');
    return openOutbox(await whereOf(flags), silentLogger);
  }
  const service = askService(flags.service);
  const deadLetters = (limit: number): Promise<DeadLetter[]> =>
    service.get(`/api/alarms/dead-letters?limit=${Math.min(limit, AT_ONCE)}`);
  return {
    deadLetters,
    async replay(chosen) {
      const ids = chosen === 'all' ? (await deadLetters(AT_ONCE)).map(({ id }) => id) : chosen;
      if (ids.length === 0) return 0;
      return (await service.post<{ replayed: number }>('/api/alarms/replay', { ids })).replayed;
    },
    close: async () => {},
  };
}

async function listDead(
  flags: WhereFlags & { readonly limit: number; readonly json?: boolean },
): Promise<void> {
  const outbox = await openDeadLetters(flags);
  try {
    for (const { id, sink, liftId, failedAt, attempts, error, message } of await outbox.deadLetters(
      flags.limit,
    )) {
      const line = flags.json
        ? JSON.stringify({ id, sink, liftId, failedAt, attempts, error, message })
        : [
            id,
            new Date(failedAt).toISOString(),
            sink,
            liftId,
            message.type,
            message.id,
            `${attempts}x`,
            error,
          ].join('  ');
      process.stdout.write(`${line}\n`);
    }
  } finally {
    await outbox.close();
  }
}

async function replay(ids: readonly string[], flags: WhereFlags): Promise<void> {
  const chosen = ids.includes('all') ? 'all' : ids.map(wholeNumber(1));
  const outbox = await openDeadLetters(flags);
  try {
    process.stdout.write(`${await outbox.replay(chosen, Date.now())} back in line\n`);
  } finally {
    await outbox.close();
  }
}
