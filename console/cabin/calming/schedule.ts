import type { CalmingMessage, CalmingPhase, CalmingScript } from '../../../signaling/index.ts';

/** What is known while people wait. Times are ms of a clock that never jumps: the same as the events'. */
export interface Situation {
  readonly incidentId: string;
  readonly phase: CalmingPhase;
  /** Somebody in the car has asked for help. */
  readonly pressed: boolean;
  /** As it is shown: `14:03`. */
  readonly receivedAt: string;
  readonly arrivesAt?: number | undefined;
}

export type CalmingEvent =
  /** Undefined: nobody needs to be calmed any more. */
  | { readonly type: 'situation'; readonly at: number; readonly situation: Situation | undefined }
  /** Somebody at the other end is heard, or no longer. */
  | { readonly type: 'human'; readonly at: number; readonly speaking: boolean }
  | { readonly type: 'door'; readonly at: number; readonly open: boolean }
  /** What `say` asked for has been heard to its end. */
  | { readonly type: 'spoken'; readonly at: number; readonly utterance: number }
  | { readonly type: 'tick'; readonly at: number };

export interface Utterance {
  /** 1, 2, 3 … */
  readonly utterance: number;
  readonly messageId: string;
  /** Key of the recording, without its language. */
  readonly clip: string;
  readonly text: { readonly zh: string; readonly en: string };
  /** What is heard: as the text, without what no recording can know. */
  readonly heard: { readonly zh: string; readonly en: string };
}

export type CalmingAction = { readonly do: 'say'; readonly what: Utterance } | { readonly do: 'stop' };

/** Which messages were used since all had been, and the last one: plain JSON, kept through reloads. */
export interface CalmingMemory {
  readonly used: readonly string[];
  readonly last?: string | undefined;
}

export interface Calming {
  push(event: CalmingEvent): CalmingAction[];
  /** When to push a `tick`; undefined: nothing is waited for. */
  nextDeadline(): number | undefined;
  toJSON(): CalmingMemory;
}

/**
 * Longest that a message may take, both languages, ms. Where nobody says that it has been spoken, it counts as over then, so that
 * a loudspeaker that fails does not end the calming.
 */
export const LONGEST_MS = 25_000;

/**
 * When a cabin says what, from a suspected entrapment until a human is heard or the door opens. Pure. Never silent for longer than
 * `pauseSeconds`, none said again before all that are true were, and news first.
 */
export function createCalming(script: CalmingScript, resumed?: CalmingMemory): Calming {
  const firstMs = script.firstSeconds * 1000;
  const pauseMs = script.pauseSeconds * 1000;
  const used = new Set(resumed?.used);
  let last = resumed?.last;
  let situation: Situation | undefined;
  let human = false;
  let open = false;
  let saying: number | undefined;
  let due: number | undefined;
  let utterances = 0;
  /** What has become true and was not told yet. */
  let news = new Set<string>();

  const quiet = (): boolean => situation === undefined || human || open;

  function stop(): CalmingAction[] {
    due = undefined;
    if (saying === undefined) return [];
    saying = undefined;
    return [{ do: 'stop' }];
  }

  function follow(next: Situation | undefined, at: number): void {
    const before = situation;
    situation = next;
    if (!next) return;
    const known = before?.incidentId === next.incidentId ? before : undefined;
    const pool = trueMessages(script, next, at);
    const fresh = pool.filter(
      (message) =>
        message.news &&
        (!known ||
          !isTrue(message, known, at) ||
          (message.needs === 'minutes' && next.arrivesAt !== known.arrivesAt)),
    );
    news = new Set(pool.filter((one) => news.has(one.id) || fresh.includes(one)).map(({ id }) => id));
    // News is told as soon as what is being said has been heard; it interrupts only the quiet between two messages.
    if (fresh.length > 0 && saying === undefined && due !== undefined) due = Math.min(due, at + firstMs);
  }

  function speak(at: number): CalmingAction[] {
    if (due === undefined || at < due || !situation) return [];
    const message = choose(trueMessages(script, situation, at));
    used.add(message.id);
    news.delete(message.id);
    last = message.id;
    utterances += 1;
    saying = utterances;
    due = at + LONGEST_MS;
    return [{ do: 'say', what: utter(script, message, situation, { at, utterance: utterances }) }];
  }

  function choose(pool: readonly CalmingMessage[]): CalmingMessage {
    if (pool.every(({ id }) => used.has(id) && !news.has(id))) for (const { id } of pool) used.delete(id);
    const other = pool.filter(({ id }) => id !== last || pool.length === 1);
    const choice =
      other.find(({ id }) => news.has(id)) ?? other.find(({ id }) => !used.has(id)) ?? other[0] ?? pool[0];
    return choice as CalmingMessage;
  }

  function push(event: CalmingEvent): CalmingAction[] {
    const wasQuiet = quiet();
    const { at } = event;
    if (event.type === 'situation') follow(event.situation, at);
    else if (event.type === 'human') human = event.speaking;
    else if (event.type === 'door') open = event.open;
    else if (event.type === 'spoken' && event.utterance === saying) {
      saying = undefined;
      due = at + (news.size > 0 ? firstMs : pauseMs);
    }
    if (quiet()) return stop();
    // Right after a human voice there is no need to hurry.
    if (wasQuiet) due = at + (event.type === 'human' ? pauseMs : firstMs);
    // The one before was never reported as spoken.
    if (saying !== undefined && due !== undefined && at >= due) saying = undefined;
    return speak(at);
  }

  return {
    push,
    nextDeadline: () => due,
    toJSON: () => ({ used: [...used], last }),
  };
}

function trueMessages(script: CalmingScript, situation: Situation, at: number): CalmingMessage[] {
  const found = script.messages.filter((message) => isTrue(message, situation, at));
  // Who knows when they come need not be told that they come.
  const precise = new Set(found.filter(({ needs }) => needs === 'minutes').map(({ id }) => id));
  return found.filter(({ id }) => ![...precise].some((other) => other !== id && other.startsWith(`${id}-`)));
}

function isTrue({ when, needs }: CalmingMessage, situation: Situation, at: number): boolean {
  if (!when.includes(situation.phase)) return false;
  if (needs === 'pressed') return situation.pressed;
  if (needs === 'noticed') return !situation.pressed;
  return needs !== 'minutes' || minutesLeft(situation, at) !== undefined;
}

/** Undefined once that time has passed: they may be here any moment, or late, and nobody knows. */
function minutesLeft({ arrivesAt }: Situation, at: number): number | undefined {
  return arrivesAt !== undefined && arrivesAt > at ? Math.ceil((arrivesAt - at) / 60_000) : undefined;
}

function utter(
  { minuteSteps }: CalmingScript,
  message: CalmingMessage,
  situation: Situation,
  { at, utterance }: { at: number; utterance: number },
): Utterance {
  const left = minutesLeft(situation, at);
  const largest = minuteSteps.at(-1) ?? 60;
  const minutes = left === undefined ? undefined : (minuteSteps.find((step) => step >= left) ?? largest);
  const fill = (text: string): string =>
    text
      .replaceAll('{time}', situation.receivedAt)
      .replaceAll('{minutes} minutes', minutes === 1 ? '1 minute' : `${minutes} minutes`)
      .replaceAll('{minutes}', String(minutes));
  const { id, zh, en, say, needs } = message;
  return {
    utterance,
    messageId: id,
    clip: needs === 'minutes' ? `${id}-${minutes}` : id,
    text: { zh: fill(zh), en: fill(en) },
    heard: { zh: fill(say?.zh ?? zh), en: fill(say?.en ?? en) },
  };
}
