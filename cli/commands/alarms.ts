import { type Command, InvalidArgumentError } from 'commander';
import { silentLogger } from '../../core/index.ts';
import { addWhereOptions, type WhereFlags, whereOf } from '../records-place.ts';

export function addAlarmsCommand(program: Command): void {
  const alarms = program
    .command('alarms')
    .description('See and replay messages that no attempt could deliver, or that a receiver refused.');

  addWhereOptions(
    alarms
      .command('dead')
      .description('List the dead letters, oldest first.')
      .option('--limit <n>', 'at most so many', wholeNumber, 100)
      .option('--json', 'one JSON object a line, with the whole message'),
  ).action(listDead);

  addWhereOptions(
    alarms
      .command('replay')
      .description(
        'Put dead letters back in line; they go out when the service runs, before what is waiting.',
      )
      .argument('<id...>', 'numbers from the list, or "all"'),
  ).action(replay);
}

async function listDead(
  flags: WhereFlags & { readonly limit: number; readonly json?: boolean },
): Promise<void> {
  const { openOutbox } = await import('../../storage/index.ts');
  const outbox = await openOutbox(await whereOf(flags), silentLogger);
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
  const { openOutbox } = await import('../../storage/index.ts');
  const chosen = ids.includes('all') ? 'all' : ids.map(wholeNumber);
  const outbox = await openOutbox(await whereOf(flags), silentLogger);
  try {
    process.stdout.write(`${await outbox.replay(chosen, Date.now())} back in line\n`);
  } finally {
    await outbox.close();
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a whole number above 0.');
  return value;
}
