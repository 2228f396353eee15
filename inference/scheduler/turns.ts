import type { Frame } from '../../core/index.ts';
import { type Lane, putInSlot } from './lane.ts';

export interface Turns {
  /** The frame waits for the lane's turn, in place of an older one. Takes ownership of the frame. */
  offer(lane: Lane, frame: Frame): void;
  /** Closes what waits in the lane's slot. */
  drop(lane: Lane): void;
  /** Resolves when the lane neither waits nor looks, or when its look is late. */
  rest(lane: Lane): Promise<void>;
  readonly inFlight: number;
  readonly waiting: number;
}

export interface TurnsDeps {
  readonly concurrency: number;
  readonly lookTimeoutMs: number;
  /** One look; must not reject. The frame is closed once it settles. */
  look(lane: Lane, frame: Frame): Promise<void>;
  onLate(lane: Lane): void;
}

/**
 * Hands out turns, one look each, at most `concurrency` at once, first to the lane whose last turn is longest ago: nobody
 * waits for more than n − 1 looks of others, and a quiet cabin with its one look a second does not wait behind busy ones
 * that have just had theirs. A lane that waits is in the queue once. A look that takes too long gives its
 * place away but keeps its frame and its lane until it settles, so a hung camera holds two frames at most.
 */
export function createTurns(deps: TurnsDeps): Turns {
  const queue: Lane[] = [];
  const late = new Set<Lane>();
  const resting = new Map<Lane, () => void>();
  let inFlight = 0;
  let turn = 0;

  function takeNext(): Lane | undefined {
    let first = 0;
    queue.forEach((lane, i) => {
      if (lane.lastTurn < (queue[first] as Lane).lastTurn) first = i;
    });
    return queue.splice(first, 1)[0];
  }

  function dispatch(): void {
    while (inFlight < deps.concurrency) {
      const lane = takeNext();
      if (!lane) return;
      const frame = lane.slot;
      lane.slot = undefined;
      if (frame) void take(lane, frame);
    }
  }

  async function take(lane: Lane, frame: Frame): Promise<void> {
    lane.looking = true;
    lane.lastTurn = ++turn;
    inFlight++;
    const timer = setTimeout(() => {
      late.add(lane);
      inFlight--;
      deps.onLate(lane);
      wake(lane);
      dispatch();
    }, deps.lookTimeoutMs);
    await deps.look(lane, frame);
    clearTimeout(timer);
    frame.close();
    lane.looking = false;
    if (!late.delete(lane)) inFlight--;
    if (lane.slot) queue.push(lane);
    wake(lane);
    dispatch();
  }

  const busy = (lane: Lane): boolean => !late.has(lane) && (lane.looking || lane.slot !== undefined);

  function wake(lane: Lane): void {
    if (busy(lane)) return;
    resting.get(lane)?.();
    resting.delete(lane);
  }

  return {
    offer(lane, frame) {
      const queued = lane.slot !== undefined;
      putInSlot(lane, frame);
      if (!queued && !lane.looking) queue.push(lane);
      dispatch();
    },
    drop(lane) {
      lane.slot?.close();
      lane.slot = undefined;
      const at = queue.indexOf(lane);
      if (at >= 0) queue.splice(at, 1);
      wake(lane);
    },
    rest(lane) {
      if (!busy(lane)) return Promise.resolve();
      return new Promise((resolve) => resting.set(lane, resolve));
    },
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return queue.length;
    },
  };
}
