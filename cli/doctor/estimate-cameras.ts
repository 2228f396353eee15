import type { Finding } from './finding.ts';
import { TYPICAL_CAMERA } from './measure-decode.ts';

export interface Load {
  readonly cores: number;
  /** CPU seconds for one second of one camera's video. */
  readonly decode: number;
  /** CPU seconds of one look while people are there: boxes and poses. */
  readonly activeLook: number;
  /** CPU seconds of one look into an empty cabin: boxes only. */
  readonly idleLook: number;
  readonly activeFps: number;
  readonly idleFps: number;
}

/** The rest is for the system, live viewing and peaks. */
const USABLE_SHARE = 0.85;
/** What the service adds to bare decoding and inference (bench/pipeline measures it). */
const OVERHEAD = 1.15;
/** On a usual day people move in about one cabin of five at a time. */
const USUAL_ACTIVE_SHARE = 0.2;

export interface Estimate {
  /** People moving in all cabins at once. */
  readonly busy: number;
  readonly usual: number;
}

export function estimateCameras(load: Load): Estimate {
  const cameras = (activeShare: number): number => {
    const active = activeShare * load.activeFps * load.activeLook;
    const idle = (1 - activeShare) * load.idleFps * load.idleLook;
    const each = (load.decode + active + idle) * OVERHEAD;
    return Math.floor((load.cores * USABLE_SHARE) / each);
  };
  return { busy: cameras(1), usual: cameras(USUAL_ACTIVE_SHARE) };
}

export function describeCapacity(load: Load): Finding {
  const { busy, usual } = estimateCameras(load);
  const { width, height, fps } = TYPICAL_CAMERA;
  const facts = {
    busy,
    usual,
    cores: load.cores,
    decodeShare: Number(load.decode.toFixed(4)),
  };
  const en =
    `this machine carries about ${usual} cameras on a usual day (${width}×${height}, ${fps} fps, H.264; people in one ` +
    `cabin of five), ${busy} if people move in all of them at once`;
  const zh =
    `本机平时约可承载 ${usual} 路摄像头（${width}×${height}，${fps} 帧/秒，H.264；约五分之一轿厢有人），` +
    `若所有轿厢同时有人走动则约 ${busy} 路`;
  if (busy >= 1) return { id: 'capacity', level: 'ok', text: { en, zh }, facts };
  return {
    id: 'capacity',
    level: 'change',
    text: { en, zh },
    remedy: {
      en: 'Use a faster machine, or lower inference.gate.activeFps.',
      zh: '请换用更快的机器，或调低 inference.gate.activeFps。',
    },
    facts,
  };
}
