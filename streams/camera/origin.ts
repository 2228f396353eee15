import { addressInput, type Input } from '../ffmpeg/input.ts';
import { noSecrets, type Redactor } from '../ffmpeg/redactor.ts';
import type { MediaServer } from '../media-server/media-server.ts';
import { type CameraAddress, parseAddress } from '../rtsp/address.ts';
import { describeCamera } from '../rtsp/describe.ts';
import { CameraFaultError } from './fault.ts';

/** What a camera said of itself before its pictures are fetched. */
export interface OriginDescription {
  readonly video: string;
  readonly audio: string | undefined;
  readonly fps: number | undefined;
}

export interface Opening {
  readonly input: Input;
  /** Undefined: only ffprobe can tell. */
  readonly description: OriginDescription | undefined;
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** Attempts in a row that gave no picture. */
  readonly failures: number;
  /** Those of them that came as far as a connection. */
  readonly barren: number;
  readonly audio: boolean;
}

/** Where a camera's pictures come from. */
export interface Origin {
  /** For messages, without secrets. */
  readonly where: string;
  readonly redact: Redactor;
  /** Whether the media server holds the stream already, so that we need not publish it there. */
  readonly pushed: boolean;
  /**
   * Asks whether the camera is there, at little cost, and how to read it.
   * @throws CameraFaultError
   */
  open(options: OpenOptions): Promise<Opening>;
  /** Calls when the camera is likely to be back, so that waiting can end early. */
  onReturn?(listener: () => void): () => void;
  close?(): void;
}

const seconds = (value: number): number => value * 1_000_000;
/** Nothing from the camera for so long ends ffmpeg. */
const SILENCE = seconds(5);

/** Time to answer a question, ms; now and then more, for a camera that has to wake up first. */
const ANSWER_MS = 4000;
const PATIENT_ANSWER_MS = 7000;

/** RTSP: one question and answer tell whether it is there, whether the password is right, and what it sends. */
export function rtspOrigin(address: CameraAddress, transport: 'tcp' | 'udp'): Origin {
  let last: OriginDescription | undefined;
  const ask = async ({ signal, failures, barren }: OpenOptions): Promise<OriginDescription> => {
    // A camera that allows one connection may still count our question's when ffmpeg comes.
    if (last && barren > 0 && barren % 2 === 0) return last;
    const timeoutMs = failures % 3 === 2 ? PATIENT_ANSWER_MS : ANSWER_MS;
    const { video, audio } = await describeCamera(address, { signal, timeoutMs });
    last = { video: video.codec, audio: audio?.codec, fps: video.fps };
    return last;
  };
  return {
    where: address.safe,
    redact: address.redact,
    pushed: false,
    async open(options) {
      const { barren, audio } = options;
      const description = await ask(options);
      const input = addressInput(address.full, {
        rtsp_transport: transport,
        allowed_media_types: audio ? 'video+audio' : 'video',
        timeout: SILENCE,
        ...analysis(barren),
      });
      return { input, description };
    },
  };
}

/** RTMP or HTTP from elsewhere: ffprobe has to look. */
export function urlOrigin(address: CameraAddress): Origin {
  return {
    where: address.safe,
    redact: address.redact,
    pushed: false,
    async open({ barren }) {
      const input = addressInput(address.full, { rw_timeout: SILENCE, ...analysis(barren) });
      return { input, description: undefined };
    },
  };
}

/** A camera that pushes: the media server knows whether it does, and hands its stream on. */
export function pushOrigin(media: MediaServer, cameraId: string): Origin {
  let active = false;
  const listeners = new Set<() => void>();
  const unsubscribe = media.on('publishing', (event) => {
    if (event.cameraId !== cameraId) return;
    active = event.active;
    if (active) for (const listener of listeners) listener();
  });
  return {
    where: `push of ${cameraId}`,
    redact: noSecrets,
    pushed: true,
    async open() {
      if (!active)
        throw new CameraFaultError('not-pushing', `the camera ${cameraId} is not pushing its stream`);
      // Every FLV stream announces sound: waiting for it longer than this would delay each start.
      const options = { rw_timeout: SILENCE, analyzeduration: seconds(1) };
      return { input: addressInput(media.readUrl(cameraId), options), description: undefined };
    },
    onReturn(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: unsubscribe,
  };
}

/** A file as if it were a camera. */
export function fileOrigin(path: string): Origin {
  const input: Input = {
    target: `file:${path}`,
    options: ['-re', '-stream_loop', '-1'],
    probeOptions: [],
    stdin: '',
    gaps: false,
  };
  return {
    where: path,
    redact: noSecrets,
    pushed: false,
    open: async () => ({ input, description: undefined }),
  };
}

export function originOfUrl(url: string, transport: 'tcp' | 'udp'): Origin {
  const address = parseAddress(url);
  return address.scheme.startsWith('rtsp') ? rtspOrigin(address, transport) : urlOrigin(address);
}

/**
 * Five seconds are enough to see sound that is announced or a key
 * frame that brings the parameters; who announces sound and never sends any costs that much at each start.
 */
function analysis(barren: number): Record<string, number> {
  return { analyzeduration: seconds(barren >= 2 ? 15 : 5) };
}
