import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CalmingMessage, CalmingScript } from '../../../signaling/index.ts';
import { type CalmingEvent, createCalming, LONGEST_MS, type Situation, type Utterance } from './schedule.ts';

let script: CalmingScript;
beforeAll(async () => {
  const { load } = await import('../../../tests/integration/cabin/calming-script.ts');
  script = await load();
});

const SITUATION: Situation = { incidentId: 'i1', phase: 'suspected', pressed: false, receivedAt: '14:03' };

/** A cabin with a loudspeaker: each message takes `speechMs`, unless it fails. */
class Cabin {
  readonly calming = createCalming(script);
  readonly said: { readonly at: number; readonly what: Utterance }[] = [];
  readonly log: { readonly at: number; readonly what: 'starts' | 'ends' }[] = [];
  now = 0;
  #playing: { readonly utterance: number; readonly until: number } | undefined;
  readonly #speechMs: number;

  constructor(speechMs = 9_000) {
    this.#speechMs = speechMs;
  }

  push(event: CalmingEvent): void {
    for (const action of this.calming.push(event)) {
      if (this.#playing) this.log.push({ at: event.at, what: 'ends' });
      this.#playing = undefined;
      if (action.do === 'stop') continue;
      this.said.push({ at: event.at, what: action.what });
      this.log.push({ at: event.at, what: 'starts' });
      this.#playing = { utterance: action.what.utterance, until: event.at + this.#speechMs };
    }
  }

  get playing(): boolean {
    return this.#playing !== undefined;
  }

  to(seconds: number): this {
    const until = seconds * 1000;
    for (;;) {
      const next = Math.min(
        this.#playing?.until ?? Number.POSITIVE_INFINITY,
        this.calming.nextDeadline() ?? Number.POSITIVE_INFINITY,
      );
      if (next > until) break;
      this.now = Math.max(this.now, next);
      if (this.#playing && this.now >= this.#playing.until) {
        const { utterance } = this.#playing;
        this.#playing = undefined;
        this.log.push({ at: this.now, what: 'ends' });
        this.push({ type: 'spoken', at: this.now, utterance });
      } else this.push({ type: 'tick', at: this.now });
    }
    this.now = until;
    return this;
  }

  situation(more: Partial<Situation> | undefined): this {
    this.push({ type: 'situation', at: this.now, situation: more && { ...SITUATION, ...more } });
    return this;
  }

  get ids(): string[] {
    return this.said.map(({ what }) => what.messageId);
  }
}

describe('calming', () => {
  it('begins at once, with what has happened, and says when', () => {
    const cabin = new Cabin().situation({ pressed: true }).to(5);
    expect(cabin.said[0]?.at).toBe(1500);
    expect(cabin.said[0]?.what).toMatchObject({
      messageId: 'received',
      clip: 'received',
      text: { en: 'Your alarm was received at 14:03. You are not alone.' },
      heard: { en: 'Your alarm was received. You are not alone.' },
    });
  });

  it('tells news as soon as the sentence before it has been heard', () => {
    const cabin = new Cabin().situation({}).to(5).situation({ phase: 'seen' }).to(13);
    expect(cabin.ids).toEqual(['noticed', 'seen']);
    expect(cabin.said[1]?.at).toBe(12_000);
  });

  it('says when help comes, counts down, and promises nothing once that time is past', () => {
    const cabin = new Cabin().situation({ phase: 'coming', arrivesAt: 4 * 60_000 }).to(600);
    const coming = cabin.said.filter(({ what }) => what.messageId.startsWith('coming'));
    expect(coming[0]?.what.clip).toBe('coming-minutes-5');
    expect(coming.filter(({ at }) => at > 4 * 60_000).map(({ what }) => what.messageId)).not.toContain(
      'coming-minutes',
    );
    expect(coming.at(-1)?.what.messageId).toBe('coming');
    expect(coming.filter(({ at }) => at < 4 * 60_000).map(({ what }) => what.messageId)).not.toContain(
      'coming',
    );
  });

  it('says it again when another time is given', () => {
    const cabin = new Cabin().situation({ phase: 'coming', arrivesAt: 20 * 60_000 }).to(14);
    cabin.situation({ phase: 'coming', arrivesAt: 9 * 60_000 }).to(40);
    expect(cabin.said.map(({ what }) => what.clip)).toEqual([
      'coming-minutes-20',
      'stay-inside',
      'coming-minutes-10',
    ]);
  });

  it('goes on when the loudspeaker never says that it has spoken', () => {
    const cabin = new Cabin(Number.POSITIVE_INFINITY).situation({}).to(120);
    expect(cabin.said.map(({ at }) => at)).toEqual([
      1500,
      1500 + LONGEST_MS,
      1500 + 2 * LONGEST_MS,
      1500 + 3 * LONGEST_MS,
      1500 + 4 * LONGEST_MS,
    ]);
  });

  it('goes on after a reload with what was not said yet', () => {
    const before = new Cabin().situation({ phase: 'confirmed' }).to(100);
    const after = createCalming(script, before.calming.toJSON());
    after.push({ type: 'situation', at: 0, situation: { ...SITUATION, phase: 'confirmed' } });
    after.push({ type: 'tick', at: 2000 });
    expect(after.toJSON().last).not.toBe(before.calming.toJSON().last);
  });

  it('says nothing while all is well', () => {
    expect(new Cabin().to(600).said).toEqual([]);
  });
});

const happening = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('situation' as const),
      phase: fc.constantFrom('suspected', 'confirmed', 'seen', 'coming', 'unsent'),
      pressed: fc.boolean(),
      minutes: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('over' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('human' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('door' as const), on: fc.boolean() }) },
);
const story = fc.array(fc.record({ happening, after: fc.integer({ min: 0, max: 200 }) }), {
  minLength: 1,
  maxLength: 25,
});
const speech = fc.integer({ min: 500, max: LONGEST_MS - 1 });
const RUNS = { numRuns: 200, seed: 58 };

describe('whatever happens', () => {
  it('silence is never longer than 30 s, and it stops at once', () => {
    fc.assert(
      fc.property(story, speech, (lines, speechMs) => {
        const cabin = new Cabin(speechMs);
        let [active, human, open] = [false, false, false];
        let since = 0;
        const check = (): void => {
          const wanted = active && !human && !open;
          if (!wanted) expect(cabin.playing).toBe(false);
          else if (!cabin.playing) {
            const ended = cabin.log.findLast(({ what }) => what === 'ends')?.at ?? Number.NEGATIVE_INFINITY;
            expect(cabin.now - Math.max(since, ended)).toBeLessThanOrEqual(30_000);
          }
        };
        for (const { happening: h, after } of lines) {
          const end = cabin.now / 1000 + after;
          for (let t = cabin.now / 1000; t < end; t += 1) {
            cabin.to(Math.min(end, t + 1));
            check();
          }
          const was = active && !human && !open;
          const at = cabin.now;
          if (h.what === 'situation') {
            active = true;
            cabin.situation({
              phase: h.phase as Situation['phase'],
              pressed: h.pressed,
              arrivesAt: h.minutes && at + h.minutes * 60_000,
            });
          } else if (h.what === 'over') {
            active = false;
            cabin.situation(undefined);
          } else if (h.what === 'human') {
            human = h.on;
            cabin.push({ type: 'human', at, speaking: h.on });
          } else {
            open = h.on;
            cabin.push({ type: 'door', at, open: h.on });
          }
          if (!was && active && !human && !open) since = at;
          check();
        }
      }),
      RUNS,
    );
  });

  it('nothing is said twice in a row', () => {
    fc.assert(
      fc.property(story, speech, (lines, speechMs) => {
        const cabin = new Cabin(speechMs);
        for (const { happening: h, after } of lines) {
          cabin.to(cabin.now / 1000 + after);
          if (h.what === 'situation')
            cabin.situation({ phase: h.phase as Situation['phase'], pressed: h.pressed });
          else if (h.what === 'over') cabin.situation(undefined);
        }
        cabin.ids.forEach((id, i) => {
          expect(id).not.toBe(cabin.ids[i + 1]);
        });
      }),
      RUNS,
    );
  });

  it('nothing is said again before all that are true were', () => {
    const phases = ['unsent', 'suspected', 'confirmed', 'seen', 'coming'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...phases), fc.boolean(), speech, (phase, pressed, speechMs) => {
        const cabin = new Cabin(speechMs).situation({ phase, pressed }).to(3600);
        const pool = new Set(cabin.ids);
        expect(pool.size).toBeGreaterThanOrEqual(4);
        for (let i = 0; i + pool.size <= cabin.ids.length; i += pool.size)
          expect(new Set(cabin.ids.slice(i, i + pool.size))).toEqual(pool);
      }),
      { ...RUNS, numRuns: 40 },
    );
  });

  it('only what is true is said', () => {
    fc.assert(
      fc.property(story, speech, (lines, speechMs) => {
        const cabin = new Cabin(speechMs);
        let phase: string | undefined;
        let heard = 0;
        const byId = new Map<string, CalmingMessage>(script.messages.map((one) => [one.id, one]));
        for (const { happening: h, after } of lines) {
          cabin.to(cabin.now / 1000 + after);
          for (const { what } of cabin.said.slice(heard)) {
            expect(byId.get(what.messageId)?.when).toContain(phase);
            expect(`${what.text.zh}${what.text.en}${what.heard.zh}${what.heard.en}`).not.toMatch(
              /[{}]|undefined/,
            );
          }
          heard = cabin.said.length;
          if (h.what !== 'situation') continue;
          phase = h.phase;
          cabin.situation({ phase: h.phase as Situation['phase'], pressed: h.pressed });
          // What is said in the same moment is of the new phase.
          heard = Math.min(heard, cabin.said.length);
        }
      }),
      RUNS,
    );
  });
});
