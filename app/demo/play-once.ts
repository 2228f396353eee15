import { setTimeout as sleep } from 'node:timers/promises';
import type { BehaviourEvent } from '../../core/index.ts';
import type { DemoClip } from './clip-truth.ts';
import { compareWithTruth, type Finding } from './compare.ts';
import type { Demo } from './start-demo.ts';

export interface ClipVerdict {
  readonly clip: string;
  readonly agrees: boolean;
  readonly findings: readonly Finding[];
}

export interface PlayOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Pictures of the clip's end are looked at, and judged, this long after it at most, ms. */
const AFTERMATH_MS = 3000;
/** A camera that has not begun to play by now never will, ms. */
const BEGIN_MS = 30_000;
const POLL_MS = 100;

/** Waits until every clip has been played once, and holds what was said of each against what is true of it. */
export async function playOnce(
  demo: Demo,
  clips: readonly DemoClip[],
  { signal, onProgress }: PlayOptions,
): Promise<ClipVerdict[]> {
  const heard = new Map<string, BehaviourEvent[]>(clips.map((c) => [c.name, []]));
  const stop = demo.app.state.subscribe((message) => {
    if (message.type !== 'event') return;
    const { cameraId, id: _id, ...event } = message.data;
    heard.get(cameraId)?.push({ ...event, liftId: cameraId });
  });
  const began = performance.now();
  const endOf = ({ name, truth }: DemoClip): number => {
    const { startedAt } = demo.simulator.status(name);
    const late = performance.now() - began > BEGIN_MS;
    return startedAt === undefined
      ? late
        ? 0
        : Number.POSITIVE_INFINITY
      : startedAt + truth.duration * 1000;
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      const done = clips.filter((clip) => Date.now() > endOf(clip) + AFTERMATH_MS).length;
      onProgress?.(done, clips.length);
      if (done === clips.length) break;
      await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    stop();
  }
  return clips.map((clip) => verdict(demo, clip, heard.get(clip.name) ?? []));
}

function verdict(demo: Demo, { name, truth }: DemoClip, events: readonly BehaviourEvent[]): ClipVerdict {
  const { startedAt } = demo.simulator.status(name);
  if (startedAt === undefined) {
    const finding: Finding = {
      what: 'picture',
      expected: 'yes',
      got: 'none',
      delay: undefined,
      agrees: false,
    };
    return { clip: name, agrees: false, findings: [finding] };
  }
  const seconds = (ms: number): number => (ms - startedAt) / 1000;
  const mediaTime = events.map((e) => ({ ...e, ts: seconds(e.ts), startedAt: seconds(e.startedAt) }));
  // The camera's end is no part of the clip.
  const within = mediaTime.filter((e) => e.kind !== 'camera-offline');
  const findings = compareWithTruth(within, truth);
  return { clip: name, agrees: findings.every((f) => f.agrees), findings };
}
