import { createServer } from 'node:net';
import type { Finding } from './finding.ts';

export interface PortUse {
  readonly host: string;
  readonly port: number;
  /** The key of the configuration that sets it. */
  readonly key: string;
}

/**
 * Tries each port by listening on it for a moment; 0 means that the system chooses and is always free. The first one is
 * the API's: where a Cabinwatch answers there, the ports are in use by what should use them.
 */
export async function checkPorts(uses: readonly PortUse[]): Promise<Finding[]> {
  const [api] = uses;
  const fixed = uses.filter((use) => use.port !== 0);
  const tried = await Promise.all(fixed.map(async (use) => ({ use, error: await tryListening(use) })));
  const running = api !== undefined && tried.some(({ error }) => error) && (await cabinwatchAnswers(api));
  return tried.map(({ use, error }) =>
    running && error?.code === 'EADDRINUSE' ? inUseByUs(use) : judgePort(use, error),
  );
}

async function cabinwatchAnswers({ host, port }: PortUse): Promise<boolean> {
  try {
    const address = host.includes(':') ? `[${host}]` : host;
    const response = await fetch(`http://${address}:${port}/readyz`, { signal: AbortSignal.timeout(2000) });
    const body = (await response.json()) as { parts?: unknown };
    return typeof body.parts === 'object';
  } catch {
    return false;
  }
}

function inUseByUs({ port, host, key }: PortUse): Finding {
  const text = {
    en: `port ${port} is in use (${key}): a Cabinwatch is running here`,
    zh: `端口 ${port} 正在使用（${key}）：本机已有 Cabinwatch 在运行`,
  };
  return { id: `port-${port}`, level: 'ok', text, facts: { port, host, key, running: true } };
}

function tryListening(use: PortUse): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error));
    server.listen({ host: use.host, port: use.port, exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

function judgePort(use: PortUse, error: NodeJS.ErrnoException | undefined): Finding {
  const id = `port-${use.port}`;
  const facts = { port: use.port, host: use.host, key: use.key, code: error?.code };
  if (!error) {
    const text = { en: `port ${use.port} is free (${use.key})`, zh: `端口 ${use.port} 可用（${use.key}）` };
    return { id, level: 'ok', text, facts };
  }
  const reason = REASONS[error.code ?? ''] ?? {
    en: `cannot be used: ${error.message}`,
    zh: `无法使用：${error.message}`,
  };
  return {
    id,
    level: 'change',
    text: { en: `Port ${use.port} ${reason.en}.`, zh: `端口 ${use.port} ${reason.zh}。` },
    remedy: {
      en: `Set ${use.key} to another one in the configuration, or stop what holds it.`,
      zh: `请在配置中将 ${use.key} 改为其他端口，或停止占用它的程序。`,
    },
    facts,
  };
}

const REASONS: Readonly<Record<string, { en: string; zh: string }>> = Object.freeze({
  EADDRINUSE: { en: 'is in use', zh: '已被占用' },
  EACCES: { en: 'needs privileges that this user does not have', zh: '需要当前用户没有的权限' },
  EADDRNOTAVAIL: { en: 'belongs to an address that this machine does not have', zh: '对应的地址不属于本机' },
});
