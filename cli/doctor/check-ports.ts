import { createServer } from 'node:net';
import type { Finding } from './finding.ts';

export interface PortUse {
  readonly host: string;
  readonly port: number;
  /** The key of the configuration that sets it. */
  readonly key: string;
}

/** Tries each port by listening on it for a moment; 0 means that the system chooses and is always free. */
export async function checkPorts(uses: readonly PortUse[]): Promise<Finding[]> {
  const fixed = uses.filter((use) => use.port !== 0);
  return Promise.all(fixed.map(async (use) => judgePort(use, await tryListening(use))));
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
      en: `Set ${use.key} to another one in the configuration, or stop what holds it (a running Cabinwatch does).`,
      zh: `请在配置中将 ${use.key} 改为其他端口，或停止占用它的程序（正在运行的 Cabinwatch 也会占用）。`,
    },
    facts,
  };
}

const REASONS: Readonly<Record<string, { en: string; zh: string }>> = Object.freeze({
  EADDRINUSE: { en: 'is in use', zh: '已被占用' },
  EACCES: { en: 'needs privileges that this user does not have', zh: '需要当前用户没有的权限' },
  EADDRNOTAVAIL: { en: 'belongs to an address that this machine does not have', zh: '对应的地址不属于本机' },
});
