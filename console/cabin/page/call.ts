import {
  browserPlatform,
  browserResume,
  type CallView,
  createCabinClient,
  openBrowserMedia,
} from '../../call/index.ts';
import type { Both } from './words.ts';

export interface CabinCallOptions {
  readonly liftId: string;
  readonly token: () => Promise<string>;
  /** Where the operator is seen and heard. */
  readonly video: HTMLVideoElement;
  readonly onChange: (call: CabinCall) => void;
}

export interface CabinCall {
  readonly state: CallView['state'] | undefined;
  /** What of ours is open; must be shown. */
  readonly camera: boolean;
  readonly microphone: boolean;
  /** The operator is seen, not only heard. */
  readonly seen: boolean;
  /** What must be told while a call goes on; undefined where it is not recorded, or is no more. */
  readonly consent: Both | undefined;
}

/** After a refusal (another page was open, a restart has forgotten us) a new place is asked for, ms. */
const AGAIN_MS = 5_000;
const NO_CALL = { state: undefined, seen: false, consent: undefined } as const;

/** Answers whoever calls, for as long as the page lives. Returns the function that ends it. */
export function keepCallable(options: CabinCallOptions): () => void {
  const { liftId, token, video, onChange } = options;
  let now: CabinCall = { ...NO_CALL, camera: false, microphone: false };
  let consent: Both | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const change = (more: Partial<CabinCall>): void => {
    now = { ...now, ...more };
    onChange(now);
  };

  const open = (): ReturnType<typeof createCabinClient> => {
    const url = `${location.origin.replace(/^http/, 'ws')}/signal`;
    const client = createCabinClient(
      { url, token },
      { platform: browserPlatform, openMedia: () => openBrowserMedia(), store: browserResume(liftId) },
    );
    client.on('consent', (words) => {
      consent = words;
    });
    client.on('call', ({ state, recording }) => {
      if (state === 'ended' || state === 'failed') silence(video);
      if (state === 'ended') change({ ...NO_CALL, state });
      else change({ state, consent: recording === 'failed' ? undefined : consent });
    });
    client.on('local', ({ audio, video: picture }) => change({ microphone: !!audio, camera: !!picture }));
    client.on('track', ({ track }) => {
      const stream = (video.srcObject as MediaStream | null) ?? new MediaStream();
      const added = track as unknown as MediaStreamTrack;
      for (const old of stream.getTracks()) if (old.kind === added.kind) stream.removeTrack(old);
      stream.addTrack(added);
      if (video.srcObject !== stream) video.srcObject = stream;
      video.play().catch(() => {});
      if (added.kind !== 'video') return;
      // A track is there before its first picture, and an operator may have no camera.
      change({ seen: !added.muted });
      added.onmute = () => change({ seen: false });
      added.onunmute = () => change({ seen: true });
    });
    client.on('link', ({ state }) => {
      if (state !== 'refused') return;
      silence(video);
      change({ ...NO_CALL, camera: false, microphone: false });
      timer = setTimeout(() => {
        client.close();
        current = open();
      }, AGAIN_MS);
    });
    return client;
  };

  let current = open();
  return () => {
    clearTimeout(timer);
    current.close();
    silence(video);
  };
}

function silence(video: HTMLVideoElement): void {
  video.srcObject = null;
}
