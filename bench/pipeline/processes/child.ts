import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the bench's own, so that what it costs can be told apart. Asked one thing at a time. */
export interface Child<Ask, Answer> {
  readonly pid: number;
  ask(question: Ask): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * @param file path of the module it runs, relative to this folder
 * @param execArgv further options for Node
 */
export async function startChild<Ask, Answer>(
  file: string,
  execArgv: readonly string[] = [],
): Promise<Child<Ask, Answer>> {
  const loader = import.meta.resolve('tsx');
  const child: ChildProcess = fork(new URL(file, import.meta.url), [], {
    execArgv: ['--import', loader, ...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const exited = once(child, 'exit');
  const reply = (): Promise<Answer> =>
    Promise.race([
      once(child, 'message').then(([message]) => message as Answer),
      exited.then(([code]) => {
        throw new Error(`${file} ended with ${code}`);
      }),
    ]);
  await reply(); // it says that it is ready
  return {
    pid: child.pid as number,
    ask(question) {
      const answer = reply();
      child.send(question as object);
      return answer;
    },
    async close() {
      child.disconnect();
      await exited;
    },
  };
}

/** The other end: answers one question after another until the parent hangs up, then `close()`s. */
export function serve<Ask, Answer>(
  answer: (question: Ask) => Promise<Answer>,
  close: () => Promise<void>,
): void {
  process.on('message', (question) => {
    answer(question as Ask).then(
      (reply) => process.send?.(reply as object),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.once('disconnect', () => void close().finally(() => process.exit(0)));
  process.send?.({ ready: true });
}
