import type { Command } from 'commander';
import { addServiceOption, askService } from '../ask-service.ts';

interface ServiceFlags {
  readonly service: string;
}

const HERE = 'http://127.0.0.1:8080';

export function addCabinsCommand(program: Command): void {
  const cabins = program.command('cabins').description('The screens in the cabins.');

  addServiceOption(
    cabins
      .command('pair')
      .description(
        'Give out a code, good once within 15 minutes, by which the screen in the cabin is let in. The screen that was there\n' +
          'before is shown out when the new one comes.',
      )
      .argument('<lift>', 'the lift’s id'),
  ).action(pair);
}

async function pair(liftId: string, { service = HERE }: Partial<ServiceFlags>): Promise<void> {
  const lift = encodeURIComponent(liftId);
  const { code, path, expiresAt } = await askService(service).post<{
    readonly code: string;
    readonly path: string;
    readonly expiresAt: number;
  }>(`/api/lifts/${lift}/terminal/invitations`, {});
  const until = new Date(expiresAt).toISOString();
  process.stdout.write(`${code}  (until ${until})\nOpen on the screen: ${new URL(path, service)}\n`);
}
