import type { CabinStatus } from '../../../api/index.ts';
import type { CalmingScript } from '../../../signaling/index.ts';
import type { CalmingMemory } from '../calming/schedule.ts';

/** What a terminal keeps over reloads and power cuts. */
export interface Kept {
  readonly secret?: string;
  /** The latest word of the service; what people were told must not be taken back by a power cut. */
  readonly status?: CabinStatus;
  /** Help was asked for, epoch ms, and the service does not know yet. */
  readonly pressedAt?: number;
  readonly calming?: CalmingMemory;
  readonly script?: CalmingScript;
}

/**
 * Beyond this, ms, what was kept of an alarm says nothing about today. A clock that a power cut has set back must not lose a call for
 * help.
 */
const STALE_MS = 6 * 3_600_000;

/** A store that is broken or full costs the memory, never the page. */
export function createMemory(liftId: string): {
  readonly kept: Kept;
  keep(more: Partial<Kept>): void;
  replace(all: Kept): void;
  forget(): void;
} {
  const key = `cabinwatch.cabin.${liftId}`;
  let kept = load(key);
  const save = (): void => {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {}
  };
  return {
    get kept() {
      return kept;
    },
    keep(more) {
      kept = { ...kept, ...more };
      save();
    },
    replace(all) {
      kept = all;
      save();
    },
    /** The secret no longer holds; what is to be said does. */
    forget() {
      kept = kept.script ? { script: kept.script } : {};
      save();
    },
  };
}

function load(key: string): Kept {
  try {
    const { status, pressedAt, ...rest } = JSON.parse(localStorage.getItem(key) ?? '{}') as Kept;
    const now = Date.now();
    return {
      ...rest,
      ...(status && Math.abs(now - status.at) < STALE_MS && { status }),
      ...(pressedAt !== undefined && now - pressedAt < STALE_MS && { pressedAt }),
    };
  } catch {
    return {};
  }
}
