import { type Static, Type } from 'typebox';
import { CAR_FIELDS, type CarField } from '../core/index.ts';
import { MappingOptions } from './mapping/options.ts';

const closed = { additionalProperties: false } as const;

const seconds = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Number({ default: fallback, minimum, maximum, description });

const WHAT: Readonly<Record<CarField, readonly [seconds: number, what: string]>> = Object.freeze({
  door: [20, 'the door'],
  doorZone: [20, 'the door zone'],
  floor: [60, 'the floor'],
  direction: [20, 'the direction'],
  speed: [20, 'the speed'],
  mode: [120, 'the mode'],
  load: [60, 'the load'],
  faults: [60, 'the fault codes'],
  alarmButton: [60, 'the alarm button'],
});

const byField = <S>(make: (field: CarField) => S): Record<CarField, S> =>
  Object.fromEntries(CAR_FIELDS.map((field) => [field, make(field)])) as Record<CarField, S>;

const aboutField = (field: CarField) => ({
  minimum: 1,
  maximum: 86_400,
  description: `Silence, s, after which it is unknown: ${WHAT[field][1]}.`,
});

const File = (what: string) => Type.String({ minLength: 1, description: `PEM file with ${what}.` });

/** How controllers reach the service: one section for the whole site. */
export const ControllerOptions = Type.Object(
  {
    bind: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description:
        'Address the built-in MQTT broker listens on. It listens only once a lift has a `password`. 0.0.0.0 lets ' +
        'controllers connect from other machines: set `tls` too, or passwords travel in the clear.',
    }),
    port: Type.Integer({
      default: 1883,
      minimum: 0,
      maximum: 65535,
      description: 'TCP port of the built-in broker; 8883 is usual with `tls`. 0 takes any free one.',
    }),
    tls: Type.Optional(
      Type.Object(
        { cert: File('the certificate and its chain'), key: File('its private key') },
        { ...closed, description: 'Encrypts the built-in broker; plain connections are then refused.' },
      ),
    ),
    maxKilobytes: Type.Number({
      default: 64,
      minimum: 1,
      maximum: 1024,
      description:
        'Largest MQTT packet and HTTP body taken, kB. What sends more is cut off. Raise it for gateways that send long lists.',
    }),
    mqtt: Type.Optional(
      Type.Object(
        {
          url: Type.String({
            pattern: '^(mqtts?|wss?)://[^/\\s]',
            expected: 'an address that begins with mqtt://, mqtts://, ws:// or wss:// and a host',
            description:
              'An MQTT broker to subscribe at, instead of the built-in one. It must itself see to it that each ' +
              'controller writes only to its own topics.',
          }),
          user: Type.Optional(Type.String({ minLength: 1, description: 'User name at that broker.' })),
          password: Type.Optional(Type.String({ minLength: 1, description: 'Password at that broker.' })),
          ca: Type.Optional(File('the authorities that may sign the broker’s certificate')),
          clientId: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 64,
              description: 'Default: a random one, `cabinwatch-…`.',
            }),
          ),
          group: Type.Optional(
            Type.String({
              pattern: '^[^/+#\\s]+$',
              expected: 'a name without /, +, # and spaces',
              description:
                'Subscribes as `$share/GROUP/…`, so that several processes share the messages. Only for a broker that always ' +
                'gives a topic to the same one; otherwise give each process its own lifts.',
            }),
          ),
        },
        { ...closed, description: 'An external MQTT broker.' },
      ),
    ),
    unknownAfter: Type.Object(
      byField((field) => Type.Number({ default: WHAT[field][0], ...aboutField(field) })),
      {
        ...closed,
        default: {},
        description:
          'How long a field stays known without being said again. Must exceed two of the controller’s periods. Raising it rides ' +
          'out longer gaps, and believes longer in what may be over; lowering it is the other way round.',
      },
    ),
    silentAfter: seconds(
      60,
      2,
      86_400,
      'Silence, s, after which the controller counts as silent and every field as unknown.',
    ),
    willGrace: seconds(
      10,
      0,
      600,
      'After a controller’s last will, s, until it counts as silent. Raising it rides out slower reconnects.',
    ),
    maxPerSecond: Type.Number({
      default: 20,
      minimum: 0.1,
      maximum: 10_000,
      description:
        'Messages per second and lift, over time; five seconds’ worth may come at once. What comes above is dropped and ' +
        'counted, and a connection that goes on so is cut off.',
    }),
    mappings: Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), MappingOptions, {
      default: {},
      description: 'How vendors’ messages are read, by name; lifts say which one is theirs.',
    }),
  },
  closed,
);
export type ControllerOptions = Static<typeof ControllerOptions>;

/** The same keys as a named one; the reference tells them once. */
const InlineMapping = Type.Unsafe<MappingOptions>({
  ...MappingOptions,
  overrides: 'controllers.mappings.NAME',
});

/** How one lift's controller speaks. An empty group is enough for one that posts the documented JSON over HTTP. */
export const LiftControllerOptions = Type.Object(
  {
    user: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description:
          'User name at the built-in broker. Default: the lift’s id. A gateway that speaks for several lifts has the same name ' +
          'and password in each of them.',
      }),
    ),
    password: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 256,
        description: 'Password at the built-in broker. Without one, the lift cannot sign in there.',
      }),
    ),
    topic: Type.Optional(
      Type.String({
        pattern: '^[^+#$\\s][^+#]*$',
        maxLength: 256,
        expected: 'a topic without wildcards',
        description: 'Where its messages come. Default: `cabinwatch/LIFT/state`.',
      }),
    ),
    mapping: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), InlineMapping], {
        expected: 'the name of one of controllers.mappings, or a mapping',
        description: 'How its messages are read. Default: as the documented JSON.',
      }),
    ),
    unknownAfter: Type.Optional(
      Type.Object(
        byField((field) => Type.Optional(Type.Number(aboutField(field)))),
        {
          ...closed,
          description: 'In place of `controllers.unknownAfter`, for this lift.',
        },
      ),
    ),
    silentAfter: Type.Optional(
      Type.Number({
        minimum: 2,
        maximum: 86_400,
        description: 'In place of `controllers.silentAfter`, for this lift.',
      }),
    ),
  },
  closed,
);
export type LiftControllerOptions = Static<typeof LiftControllerOptions>;
