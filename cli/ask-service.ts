import { type Command, Option } from 'commander';
import { CabinwatchError } from '../core/index.ts';
import { addWhereOptions } from './records-place.ts';

/** A running service, asked over its API. */
export interface AskService {
  /** @throws CabinwatchError INPUT_NOT_FOUND where nobody answers, UNAUTHENTICATED, FORBIDDEN, or what the service says */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** Where the key is read from: an argument would stand in every process list. */
const KEY = 'CABINWATCH_KEY';

export function addServiceOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--service <address>',
      `ask the service that runs at this address, with the key in the environment’s ${KEY}`,
    ).conflicts(['config', 'data', 'url']),
  );
}

/** How a command is told whether to open the records where they are or to ask the service that has them. */
export const addSourceOptions = (command: Command): Command => addServiceOption(addWhereOptions(command));

export function askService(address: string, env: NodeJS.ProcessEnv = process.env): AskService {
  const key = env[KEY];
  async function ask<T>(path: string, init: RequestInit): Promise<T> {
    const headers = { ...init.headers, ...(key && { authorization: `Bearer ${key}` }) };
    const answer = await fetch(new URL(path, address), { ...init, headers }).catch((cause: unknown) => {
      throw new CabinwatchError('INPUT_NOT_FOUND', `No service answers at ${address}.`, { cause });
    });
    if (answer.ok) return (await answer.json()) as T;
    if (answer.status === 401 || answer.status === 403) {
      const detail = `The service at ${address} refuses: put a key that may do this into ${KEY}.`;
      throw new CabinwatchError(answer.status === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN', detail);
    }
    throw new CabinwatchError(
      'CONFLICT',
      `The service at ${address} answers ${answer.status}: ${await answer.text()}`,
    );
  }
  return {
    get: (path) => ask(path, {}),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}
