import { type Static, Type } from 'typebox';

/** What is known, from worst to best; see messages/calming.yaml. */
export const CALMING_PHASES = Object.freeze(['unsent', 'suspected', 'confirmed', 'seen', 'coming'] as const);
export type CalmingPhase = (typeof CALMING_PHASES)[number];

/** Minutes that are recorded. What is said is rounded up to the next: better early than late. */
export const MINUTE_STEPS = Object.freeze([1, 2, 3, 5, 10, 15, 20, 30, 45, 60] as const);

const closed = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1, maxLength: 120 });
const Both = { zh: Text, en: Type.String({ minLength: 1, maxLength: 200 }) };
const literals = <const T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));

export const CalmingMessage = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' }),
    when: Type.Array(literals(CALMING_PHASES), { minItems: 1, uniqueItems: true }),
    needs: Type.Optional(literals(['pressed', 'noticed', 'minutes'])),
    /** Goes first when it becomes true. */
    news: Type.Optional(Type.Boolean()),
    ...Both,
    say: Type.Optional(Type.Object(Both, closed)),
  },
  closed,
);
export type CalmingMessage = Static<typeof CalmingMessage>;

/** All that a cabin needs in order to speak by itself, also while the service is away. */
export interface CalmingScript {
  readonly firstSeconds: number;
  readonly pauseSeconds: number;
  readonly languages: readonly ('zh' | 'en')[];
  readonly messages: readonly CalmingMessage[];
  readonly minuteSteps: readonly number[];
  /** Addresses of recordings by `CLIP.LANGUAGE`; what has none is spoken by the browser. */
  readonly clips: Readonly<Record<string, string>>;
}

/** What is heard of a message: one recording, or one for each step of minutes. */
export function clipsOf(
  message: CalmingMessage,
): { readonly clip: string; readonly zh: string; readonly en: string }[] {
  const { id, zh, en } = { ...message, ...message.say };
  if (message.needs !== 'minutes') return [{ clip: id, zh, en }];
  return MINUTE_STEPS.map((minutes) => ({
    clip: `${id}-${minutes}`,
    zh: zh.replace('{minutes}', String(minutes)),
    en: en.replace('{minutes} minutes', minutes === 1 ? '1 minute' : `${minutes} minutes`),
  }));
}
