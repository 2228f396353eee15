import { type Static, Type } from 'typebox';

export const ApiOptions = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description:
        'Address to listen on. Until users can sign in, only this machine may be named (127.0.0.1, ::1 or localhost); ' +
        'reach it from elsewhere through an SSH tunnel.',
    }),
    port: Type.Integer({
      default: 8080,
      minimum: 0,
      maximum: 65535,
      description: 'TCP port of the watch page and the API. 0 takes any free one and says which.',
    }),
    scenesPerSecond: Type.Number({
      default: 8,
      minimum: 0.5,
      maximum: 30,
      description:
        'Most scenes (boxes and poses) sent per camera and second to one watching page. Raising it makes boxes follow ' +
        'people more closely; lowering it saves bandwidth.',
    }),
  },
  { additionalProperties: false },
);

export type ApiOptions = Static<typeof ApiOptions>;
