import type { CallPlatform, ClientSocket, MediaTrack, PeerConnection } from '../../signaling/index.ts';
import type { ResumeStore } from './link.ts';
import type { LocalTracks } from './peer-media.ts';

/** What we use of the browser's own, written out: the DOM's types are not those of the service. */
interface Browser {
  readonly WebSocket: new (url: string) => BrowserSocket;
  readonly RTCPeerConnection: new (configuration: object) => PeerConnection;
  readonly navigator: {
    readonly mediaDevices: { getUserMedia(constraints: object): Promise<{ getTracks(): MediaTrack[] }> };
    readonly connection?: EventSource;
  };
  readonly sessionStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

type EventSource = Pick<Browser, 'addEventListener' | 'removeEventListener'>;

interface BrowserSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  readonly readyState: number;
  send(text: string): void;
  close(): void;
}

const browser = globalThis as unknown as Browser;

export const browserPlatform: CallPlatform = {
  openSocket: (url) => wrapSocket(new browser.WebSocket(url)),
  createConnection: (configuration) => new browser.RTCPeerConnection(configuration),
  onNetworkChange(listener) {
    const sources: [EventSource | undefined, string][] = [
      [browser, 'online'],
      [browser, 'offline'],
      [browser.navigator.connection, 'change'],
    ];
    for (const [source, type] of sources) source?.addEventListener(type, listener);
    return () => {
      for (const [source, type] of sources) source?.removeEventListener(type, listener);
    };
  },
};

function wrapSocket(socket: BrowserSocket): ClientSocket {
  const wrapped: ClientSocket = {
    onopen: undefined,
    onmessage: undefined,
    onclose: undefined,
    send: (text) => {
      if (socket.readyState === 1) socket.send(text);
    },
    close: () => socket.close(),
  };
  socket.onopen = () => wrapped.onopen?.();
  socket.onmessage = ({ data }) => wrapped.onmessage?.(String(data));
  socket.onclose = () => wrapped.onclose?.();
  return wrapped;
}

/**
 * Keeps a place through reloads of this tab.
 * @param place names it, such as the lift's id: with another's token one would come back to another room
 */
export function browserResume(place: string): ResumeStore {
  const key = `cabinwatch.resume.${place}`;
  const { sessionStorage } = browser;
  return {
    load: () => sessionStorage.getItem(key) ?? undefined,
    save: (token) => {
      if (token === undefined) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, token);
    },
  };
}

export interface MediaWishes {
  /** Ids of enumerateDevices(); undefined takes the browser's choice, false leaves the kind out. */
  readonly microphone?: string | false;
  readonly camera?: string | false;
}

/**
 * Microphone and camera. Without one of them the other is still opened.
 * @throws the browser's own error when neither can be had
 */
export async function openBrowserMedia(wishes: MediaWishes = {}): Promise<LocalTracks> {
  const { microphone, camera } = wishes;
  // The echo of a loudspeaker in a steel box makes both sides unintelligible.
  const audio = microphone !== false && {
    ...chosen(microphone),
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  };
  const video = camera !== false && {
    ...chosen(camera),
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 15, max: 30 },
  };
  const { mediaDevices } = browser.navigator;
  const open = async (constraints: object): Promise<MediaTrack[]> =>
    (await mediaDevices.getUserMedia(constraints)).getTracks();
  let tracks: MediaTrack[];
  try {
    tracks = await open({ audio, video });
  } catch (error) {
    const alone = await Promise.allSettled([audio ? open({ audio }) : [], video ? open({ video }) : []]);
    tracks = alone.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (tracks.length === 0) throw error;
  }
  return {
    audio: tracks.find(({ kind }) => kind === 'audio'),
    video: tracks.find(({ kind }) => kind === 'video'),
  };
}

const chosen = (deviceId: string | undefined): object =>
  deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
