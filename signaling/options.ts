import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

export const TurnOptions = Type.Object(
  {
    stun: Type.Array(Type.String({ pattern: '^stuns?:' }), {
      default: [],
      description:
        'STUN servers, stun:HOST:PORT. They tell each side its own public address; none are needed where all are on one network.',
    }),
    turn: Type.Array(Type.String({ pattern: '^turns?:' }), {
      default: [],
      description:
        'TURN servers, turn:HOST:PORT or turns:HOST:PORT, with ?transport=tcp where UDP is blocked. They carry a call that no ' +
        'direct way was found for; without one, such a call fails.',
    }),
    secret: Type.Optional(
      Type.String({
        description:
          "The TURN servers' shared secret (coturn: static-auth-secret). Required with `turn`; credentials made from it " +
          'cannot be called back, they only run out.',
      }),
    ),
    ttlSeconds: Type.Integer({
      default: 14_400,
      minimum: 60,
      maximum: 86_400,
      description:
        'Seconds that TURN credentials hold. They are renewed before every ICE restart. Lowering it limits the harm of leaked ' +
        'ones; below a call’s length its relay may be refused a renewal.',
    }),
    relayOnly: Type.Boolean({
      default: false,
      description:
        'True sends every call through TURN: for networks that forbid direct ways, and for finding out whether TURN works.',
    }),
  },
  closed,
);

export const SignalingOptions = Type.Object(
  {
    secret: Type.Optional(
      Type.String({
        minLength: 32,
        description:
          'Signs join tokens, guest links and resume tokens; 32 characters or more, the same on every start. Without it one is ' +
          'made at each start, and guest links and interrupted calls do not outlive a restart.',
      }),
    ),
    turn: Type.Object(TurnOptions.properties, {
      ...closed,
      default: {},
      description: 'How a call finds its way through NAT.',
    }),
    joinTokenSeconds: Type.Integer({
      default: 60,
      minimum: 5,
      maximum: 3600,
      description:
        'Seconds within which a join token must be used, once. Raising it gives a stolen one longer.',
    }),
    resumeSeconds: Type.Integer({
      default: 43_200,
      minimum: 60,
      maximum: 2_592_000,
      description:
        'Seconds that somebody who joined may come back with a resume token after a cut line, a reload or a restart. Lowering it ' +
        'makes them sign in again sooner.',
    }),
    pingSeconds: Type.Number({
      default: 5,
      minimum: 0.05,
      maximum: 60,
      description:
        'Seconds between two pings. Lowering it notices a dead line sooner and costs a message a cabin each time.',
    }),
    goneSeconds: Type.Number({
      default: 15,
      minimum: 0.15,
      maximum: 180,
      description:
        'Seconds of silence after which a line counts as dead; at least three pings. Raising it forgives worse lines, and shows a ' +
        'cabin longer that is not there.',
    }),
    departureSeconds: Type.Number({
      default: 20,
      minimum: 0.1,
      maximum: 600,
      description:
        'Seconds that the place of somebody whose line died is kept. A call without its cabin or caller ends after it.',
    }),
    emptyRoomSeconds: Type.Number({
      default: 300,
      minimum: 0.1,
      maximum: 86_400,
      description: 'Seconds after which a room that nobody is in is forgotten.',
    }),
    answerSeconds: Type.Number({
      default: 30,
      minimum: 1,
      maximum: 300,
      description:
        'Seconds a call rings before it ends unanswered. A cabin answers by itself, within a second.',
    }),
    maxPeers: Type.Integer({
      default: 4,
      minimum: 2,
      maximum: 8,
      description:
        'Most that take part in one call’s media, the cabin included and the recorder not. Each listener is one more upload for the cabin’s line.',
    }),
    maxMessageBytes: Type.Integer({
      default: 65_536,
      minimum: 16_384,
      maximum: 1_048_576,
      description:
        'Largest message, bytes. Session descriptions take up to about 10 kB. A larger one ends the connection.',
    }),
    messagesPerSecond: Type.Number({
      default: 50,
      minimum: 5,
      maximum: 10_000,
      description:
        'Messages per second and connection, four seconds’ worth at once. More end the connection. ICE candidates come in bursts of tens.',
    }),
    maxConnections: Type.Integer({
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Most connections at once. Beyond it new ones are refused and told to come back.',
    }),
  },
  closed,
);

export type TurnOptions = Static<typeof TurnOptions>;
export type SignalingOptions = Static<typeof SignalingOptions>;
