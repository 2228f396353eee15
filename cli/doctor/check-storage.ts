import { randomUUID } from 'node:crypto';
import { access, constants, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { redactUrls } from '../../core/index.ts';
import { checkDatabase, MINIMUM_POSTGRES } from '../../storage/index.ts';
import { checkDisk } from './check-machine.ts';
import type { Finding } from './finding.ts';

export interface StorageUse {
  /** PostgreSQL; undefined for the embedded database. */
  readonly url: string | undefined;
  readonly dataDir: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Whether what is to be kept can be kept: the folder, its disk, and the database if there is one apart. */
export async function checkStorage({ url, dataDir, timeout }: StorageUse): Promise<Finding[]> {
  const folder = resolve(dataDir);
  const nearest = await nearestFolder(folder);
  const database = url === undefined ? [] : [await checkPostgres(url, timeout)];
  return [await checkFolder(folder, nearest), await checkDisk(nearest), ...database];
}

/** The folder, or the one above it in which it will be made. */
async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found || folder === dirname(folder) ? folder : nearestFolder(dirname(folder));
}

async function checkFolder(folder: string, nearest: string): Promise<Finding> {
  const id = 'data-folder';
  try {
    await tryWriting(nearest);
    const text =
      nearest === folder
        ? { en: `the data folder ${folder} can be written to`, zh: `数据目录 ${folder} 可写` }
        : { en: `the data folder ${folder} can be made`, zh: `数据目录 ${folder} 可以创建` };
    return { id, level: 'ok', text, facts: { folder } };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return {
      id,
      level: 'change',
      text: {
        en: `The data folder ${folder} can't be written to (${code}).`,
        zh: `数据目录 ${folder} 不可写（${code}）。`,
      },
      remedy: {
        en: `Give the user that runs the service the folder (chown), or set storage.dataDir to another one. In a container, mount a volume there.`,
        zh: '请将该目录的权限授予运行服务的用户（chown），或将 storage.dataDir 改为其他目录；容器中请在此挂载数据卷。',
      },
      facts: { folder, code },
    };
  }
}

/** Rights alone do not tell of a disk that is full or read-only. */
async function tryWriting(folder: string): Promise<void> {
  await access(folder, constants.W_OK | constants.X_OK);
  const probe = join(folder, `.cabinwatch-${randomUUID()}`);
  try {
    await writeFile(probe, 'x', { flag: 'wx' });
  } finally {
    await rm(probe, { force: true });
  }
}

async function checkPostgres(url: string, timeout: number): Promise<Finding> {
  const id = 'database';
  try {
    const { version, hasRecords } = await checkDatabase(url, timeout);
    const facts = { version, hasRecords };
    if (version >= MINIMUM_POSTGRES) {
      const en = `PostgreSQL ${version} answers${hasRecords ? '' : '; its tables are made at the first start'}`;
      const zh = `PostgreSQL ${version} 可连接${hasRecords ? '' : '；首次启动时会建表'}`;
      return { id, level: 'ok', text: { en, zh }, facts };
    }
    return {
      id,
      level: 'change',
      text: { en: `PostgreSQL ${version} is too old.`, zh: `PostgreSQL ${version} 版本过旧。` },
      remedy: {
        en: `Use PostgreSQL ${MINIMUM_POSTGRES} or newer.`,
        zh: `请使用 PostgreSQL ${MINIMUM_POSTGRES} 或更高版本。`,
      },
      facts,
    };
  } catch (error) {
    const reason = redactUrls(error instanceof Error ? error.message : String(error));
    return {
      id,
      level: 'change',
      text: { en: `The database can't be used: ${reason}`, zh: `数据库无法使用：${reason}` },
      remedy: {
        en: 'Check storage.url or DATABASE_URL (host, port, user, password, database), and that PostgreSQL runs and lets this machine in (pg_hba.conf).',
        zh: '请检查 storage.url 或 DATABASE_URL（主机、端口、用户、密码、库名），并确认 PostgreSQL 已运行且允许本机连接（pg_hba.conf）。',
      },
      facts: { reason },
    };
  }
}
