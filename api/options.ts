import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

const TlsOptions = Type.Object(
  {
    cert: Type.String({
      minLength: 1,
      description: 'File with the certificate and those that vouch for it (PEM). Read again when it changes.',
    }),
    key: Type.String({ minLength: 1, description: 'File with its private key (PEM).' }),
  },
  { ...closed, description: 'Serves the page and the API over TLS. Without it they go unencrypted.' },
);

export const ApiOptions = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description:
        'Address to listen on. 0.0.0.0 lets other machines in; then people must sign in (`open: nobody`), and the line ' +
        'should be encrypted (`tls`, or a proxy in front).',
    }),
    port: Type.Integer({
      default: 8080,
      minimum: 0,
      maximum: 65535,
      description: 'TCP port of the watch page and the API. 0 takes any free one and says which.',
    }),
    open: Type.Union([Type.Literal('nobody'), Type.Literal('this-machine')], {
      default: 'nobody',
      description:
        'Who gets in without signing in. nobody: people sign in and machines show a key. this-machine: whoever can reach ' +
        '127.0.0.1 may do everything, and nobody else gets in; for demonstrations and development.',
    }),
    publicUrl: Type.Optional(
      Type.String({
        pattern: '^https?://[^/?#]+/?$',
        expected: 'an address such as https://lifts.example.org, without a path',
        description:
          'Address under which browsers reach the page when a proxy stands before it. Beginning with https:// it has the ' +
          'session cookie sent over TLS only.',
      }),
    ),
    trustedProxies: Type.Unsafe<readonly string[]>(
      Type.Array(Type.String({ minLength: 1 }), {
        default: [],
        description:
          'Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For is believed, for slowing down password ' +
          'guessing and for the records. Naming one that others can send through lets them choose their address.',
      }),
    ),
    tls: Type.Optional(TlsOptions),
    sessionIdleMinutes: Type.Number({
      default: 60,
      minimum: 1,
      maximum: 1440,
      description:
        'A session that is not used for so long ends; an open watch page uses it. Lowering it protects forgotten ' +
        'computers sooner; raising it asks people less often.',
    }),
    sessionHours: Type.Number({
      default: 12,
      minimum: 0.1,
      maximum: 168,
      description: 'A session ends after so long, used or not. The default is a shift with its handover.',
    }),
    metricsOpen: Type.Union([Type.Literal('nobody'), Type.Literal('this-machine')], {
      default: 'nobody',
      description:
        'Who may read /metrics without a key: nobody, or programs on this machine, such as a Prometheus beside the service.',
    }),
    hideFaces: Type.Boolean({
      default: true,
      description:
        'Makes faces unrecognisable in pictures of cabins without an open incident, so that the wall can show them to everybody ' +
        'who may watch. Without it such a picture takes a reason, and the wall shows none until one is given. Live pictures ' +
        'outside incidents take a reason either way; pictures kept of incidents are never changed.',
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
  closed,
);

export type ApiOptions = Static<typeof ApiOptions>;
