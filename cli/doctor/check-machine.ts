import { statfs } from 'node:fs/promises';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import type { Finding } from './finding.ts';

const GIB = 2 ** 30;
const gib = (bytes: number): string => (bytes / GIB).toFixed(1);

/** The service itself, its models, and room for the system; each camera adds about 60 MiB for its ffmpeg. */
const LEAST_MEMORY = 1.5 * GIB;
/** A day of evidence clips of a busy site is about 2 GiB. */
const LEAST_DISK = 5 * GIB;
const OLDEST_PLAUSIBLE_CLOCK = Date.UTC(2025, 0, 1);

/** Memory that this process may use: the machine's, or less where a container sets a limit. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

export function checkMemory(bytes: number): Finding {
  const facts = { bytes };
  if (bytes >= LEAST_MEMORY) {
    return {
      id: 'memory',
      level: 'ok',
      text: { en: `${gib(bytes)} GiB of memory`, zh: `内存 ${gib(bytes)} GiB` },
      facts,
    };
  }
  return {
    id: 'memory',
    level: 'change',
    text: { en: `Only ${gib(bytes)} GiB of memory.`, zh: `内存仅 ${gib(bytes)} GiB。` },
    remedy: {
      en: `Give it at least ${gib(LEAST_MEMORY)} GiB (in a container, raise its limit).`,
      zh: `请提供至少 ${gib(LEAST_MEMORY)} GiB 内存（容器请调高限制）。`,
    },
    facts,
  };
}

export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  return judgeDisk(bavail * bsize, folder);
}

export function judgeDisk(bytes: number, folder: string): Finding {
  const facts = { bytes, folder };
  if (bytes >= LEAST_DISK) {
    const text = { en: `${gib(bytes)} GiB free on the disk`, zh: `磁盘剩余 ${gib(bytes)} GiB` };
    return { id: 'disk', level: 'ok', text, facts };
  }
  return {
    id: 'disk',
    level: 'change',
    text: {
      en: `Only ${gib(bytes)} GiB free on the disk of ${folder}.`,
      zh: `${folder} 所在磁盘仅剩 ${gib(bytes)} GiB。`,
    },
    remedy: {
      en: `Free at least ${gib(LEAST_DISK)} GiB: evidence clips need room.`,
      zh: `请腾出至少 ${gib(LEAST_DISK)} GiB：证据录像需要空间。`,
    },
    facts,
  };
}

export function checkCpu(cores: number = availableParallelism()): Finding {
  const text = {
    en: cores === 1 ? '1 CPU core' : `${cores} CPU cores`,
    zh: `CPU ${cores} 核`,
  };
  if (cores >= 2) return { id: 'cpu', level: 'ok', text, facts: { cores } };
  return {
    id: 'cpu',
    level: 'note',
    text,
    remedy: {
      en: 'One core carries a few cameras only, and live viewing competes with the analysis.',
      zh: '单核只能承载少量摄像头，且实时观看会与分析争用 CPU。',
    },
    facts: { cores },
  };
}

/** Nothing on an idle machine. What is measured on a busy one is too low. */
export function checkLoad(load = loadavg()[0] ?? 0, cores: number = availableParallelism()): Finding[] {
  if (load < cores / 2) return [];
  const text = {
    en: `the machine is busy with other work now (load ${load.toFixed(1)}): times and estimates are worse than they could be`,
    zh: `本机当前正忙（负载 ${load.toFixed(1)}）：以上耗时和估算会偏保守`,
  };
  return [{ id: 'load', level: 'note', text, facts: { load } }];
}

export function checkClock(now: number, timeZone: string): Finding {
  const facts = { now: new Date(now).toISOString(), timeZone };
  if (now < OLDEST_PLAUSIBLE_CLOCK) {
    return {
      id: 'clock',
      level: 'change',
      text: { en: `The clock is wrong: it says ${facts.now}.`, zh: `系统时钟错误：当前为 ${facts.now}。` },
      remedy: {
        en: 'Set the clock and keep it right with NTP (systemd-timesyncd or chrony): alarms carry its time.',
        zh: '请校正时钟并启用 NTP（systemd-timesyncd 或 chrony）：报警以此时间为准。',
      },
      facts,
    };
  }
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(now);
  return {
    id: 'clock',
    level: 'ok',
    text: {
      en: `The clock says ${local}, time zone ${timeZone}: compare it with your watch`,
      zh: `系统时间 ${local}，时区 ${timeZone}：请与手表核对`,
    },
    facts,
  };
}
