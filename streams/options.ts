import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** How one camera is reached and what is kept of it. Exactly one of `url`, `publishKey` and `file` names its origin. */
export const CameraOptions = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        minLength: 8,
        description:
          'Address the pictures are fetched from: rtsp://, rtsps://, rtmp:// or http://. User name and password may ' +
          'be part of it, percent-encoded (@ is %40, / is %2F, # is %23); they are never shown again. ' +
          'Use a second, small stream of the camera where it has one: 640x360 at 15 fps is enough.',
      }),
    ),
    publishKey: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 128,
        description:
          'Instead of `url`, for a camera that pushes (behind NAT): it publishes to ' +
          'rtmp://THIS_HOST:RTMP_PORT/live/CAMERA_ID?key=THIS_KEY. Anyone with the key can replace the picture.',
      }),
    ),
    file: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Instead of `url`: a video file, played in real time over and over. For demonstrations.',
      }),
    ),
    transport: Type.Union([Type.Literal('tcp'), Type.Literal('udp')], {
      default: 'tcp',
      description:
        'How RTSP carries pictures. tcp loses nothing and passes firewalls; udp is for cameras that offer nothing else, ' +
        'and shows torn pictures when packets are lost.',
    }),
    fps: Type.Number({
      default: 5,
      minimum: 0.2,
      maximum: 30,
      description:
        'Pictures per second handed to the analysis at most. Raising it sees quicker movements and costs processor time ' +
        'in proportion; lowering it saves that and answers later.',
    }),
    width: Type.Integer({
      default: 640,
      minimum: 160,
      maximum: 1920,
      multipleOf: 2,
      description:
        'Width of the pictures handed to the analysis, pixels; the height follows, and small pictures are not enlarged. ' +
        'Raising it helps only where people are small in the picture, and costs memory and time.',
    }),
    expectedFps: Type.Optional(
      Type.Number({
        minimum: 0.1,
        maximum: 120,
        description:
          'Pictures per second the camera is set to send, for its health. Default: what the camera itself says. ' +
          'A camera that sends more than twice this, and more than 40, counts as flooding.',
      }),
    ),
    audio: Type.Boolean({
      default: true,
      description:
        'Whether sound is kept in live view and clips. Switch it off where recording speech is not allowed.',
    }),
    talkback: Type.Boolean({
      default: true,
      description:
        'Whether an operator in a call is heard from the camera’s loudspeaker, where it has one (ONVIF backchannel over ' +
        'RTSP, G.711). Its connection is there only during calls. Switch it off for a camera that hisses or hums.',
    }),
    duckDb: Type.Number({
      default: 20,
      minimum: 0,
      maximum: 60,
      description:
        'How much quieter the car is made while the operator speaks through the camera, dB: its microphone hears its own ' +
        'loudspeaker. Raise it while operators hear themselves; 0 for a camera that cancels echo, so that both may speak at once.',
    }),
    staleAfter: Type.Number({
      default: 2,
      minimum: 0.5,
      maximum: 8,
      description:
        'Age of the last picture, seconds, from which the camera is stale. Lowering it shows stutter sooner; never ' +
        'less than two and a half pictures of a slow camera.',
    }),
    offlineAfter: Type.Number({
      default: 8,
      minimum: 2,
      maximum: 10,
      description:
        'Age of the last picture, seconds, from which the camera is offline. Raising it rides out longer gaps; a dead ' +
        'camera must be known within 10 s.',
    }),
    ringSeconds: Type.Number({
      default: 20,
      minimum: 0,
      maximum: 120,
      description:
        'How much of the past is held in memory for clips, seconds. Raising it lets clips begin earlier and takes ' +
        'memory (1 MB per 4 s at 2 Mbit/s). 0 keeps nothing, and no clip can begin before its event.',
    }),
    ringMegabytes: Type.Number({
      default: 16,
      minimum: 1,
      maximum: 512,
      description: 'Most memory that past takes, MB. At high bit rates the ring then reaches less far back.',
    }),
    maxMegabits: Type.Number({
      default: 40,
      minimum: 1,
      maximum: 1000,
      description:
        'Mbit per second above which a camera counts as flooding and only its key frames are looked at. ' +
        'Lower it to protect a small machine; raise it for cameras that really send so much.',
    }),
  },
  closed,
);
export type CameraOptions = Static<typeof CameraOptions>;

export const MediaOptions = Type.Object(
  {
    bind: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description:
        'Address the media server (RTMP in, HTTP-FLV and WS-FLV out) listens on. 0.0.0.0 lets cameras push and browsers ' +
        'watch from other machines; streams stay behind publish keys and play tokens, but are not encrypted.',
    }),
    rtmpPort: Type.Integer({
      default: 1935,
      minimum: 0,
      maximum: 65535,
      description: 'TCP port for RTMP. 0 takes any free one.',
    }),
    httpPort: Type.Integer({
      default: 8000,
      minimum: 0,
      maximum: 65535,
      description: 'TCP port for HTTP-FLV and WS-FLV. 0 takes any free one.',
    }),
    playTokenSeconds: Type.Integer({
      default: 60,
      minimum: 5,
      maximum: 86_400,
      description:
        'How long a play token can be used to begin to watch, seconds. A view that has begun goes on. Lowering it leaves ' +
        'less to somebody who finds an address in a log; raising it forgives slow pages.',
    }),
  },
  closed,
);
export type MediaOptions = Static<typeof MediaOptions>;

/** Evidence clips. */
export const ClipOptions = Type.Object(
  {
    before: Type.Number({
      default: 5,
      minimum: 0,
      maximum: 60,
      description: 'Seconds of a clip before its event. More needs a longer `ringSeconds` of the camera.',
    }),
    after: Type.Number({
      default: 10,
      minimum: 0,
      maximum: 120,
      description: 'Seconds of a clip after its event; the clip is ready that much later.',
    }),
  },
  closed,
);
export type ClipOptions = Static<typeof ClipOptions>;
