import { type Static, Type } from 'typebox';

export const CALMING_LANGUAGES = Object.freeze(['zh', 'en'] as const);
export type CalmingLanguage = (typeof CALMING_LANGUAGES)[number];

export const CalmingOptions = Type.Object(
  {
    firstSeconds: Type.Number({
      default: 1.5,
      minimum: 0,
      maximum: 10,
      description:
        'Seconds from the first suspicion to the first words. Raising it speaks to fewer people who were never trapped.',
    }),
    pauseSeconds: Type.Number({
      default: 12,
      minimum: 2,
      maximum: 25,
      description:
        'Seconds of quiet between two messages. Raising it is calmer; people who hear nothing for long think they are forgotten, so ' +
        'it never reaches 30.',
    }),
    languages: Type.Unsafe<readonly CalmingLanguage[]>(
      Type.Array(Type.Union(CALMING_LANGUAGES.map((language) => Type.Literal(language))), {
        default: ['zh', 'en'],
        minItems: 1,
        maxItems: 2,
        uniqueItems: true,
        description:
          'Languages in which each message is spoken, in this order. The screen always shows both.',
      }),
    ),
    messagesFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'YAML file with the messages, in the form of signaling/calming/messages/calming.yaml. Default: those that come with the service.',
      }),
    ),
    recordingsDir: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Folder with recordings of your own, MESSAGE.LANGUAGE.EXT such as air.zh.mp3 or coming-minutes-10.en.ogg. What is not there is ' +
          'spoken by espeak-ng; where that is missing too, by the browser.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CalmingOptions = Static<typeof CalmingOptions>;
