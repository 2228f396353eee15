import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { CabinwatchError } from '../../core/index.ts';
import { type CameraStatus, SimulatedCamera } from './camera.ts';
import { type Clip, readClip } from './clip.ts';
import { Connection } from './connection.ts';
import { FAULTS, type Fault, type RtspSimulatorOptions } from './options.ts';
import { openUdpPair } from './transport.ts';

export interface RtspSimulator {
  readonly port: number;
  /** The camera's URL, with its user name and password if it has any. */
  url(name: string): string;
  /** Makes a camera suffer at once; `forMs` later it is well again. `none` heals. */
  fault(name: string, kind: Fault, options?: { readonly forMs?: number }): void;
  status(name: string): CameraStatus;
  close(): Promise<void>;
}

/**
 * Plays MP4 files as RTSP cameras, over TCP and UDP, to any number of viewers. Nothing is decoded or encoded:
 * a camera costs one timer and its packets.
 * @throws CabinwatchError CONFIG_INVALID, and those of readClip
 */
export async function startRtspSimulator(options: RtspSimulatorOptions): Promise<RtspSimulator> {
  const host = options.host ?? '127.0.0.1';
  const tuning = { floodFactor: options.floodFactor ?? 20, slowFactor: options.slowFactor ?? 0.1 };
  const cameras = new Map<string, SimulatedCamera>();
  const clips = new Map<string, Promise<Clip>>();
  for (const camera of options.cameras) {
    if (!/^[\w.-]+$/.test(camera.name) || cameras.has(camera.name)) {
      throw new CabinwatchError(
        'CONFIG_INVALID',
        `Camera name "${camera.name}" is used twice or has other characters than letters, digits, ".", "_" and "-".`,
      );
    }
    const clip = clips.get(camera.file) ?? readClip(camera.file);
    clips.set(camera.file, clip);
    cameras.set(camera.name, new SimulatedCamera(await clip, camera, tuning));
  }

  const udp = await openUdpPair(host);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Connection(socket, { udp, find: (uri) => cameras.get(cameraName(uri)) });
  });
  try {
    server.listen(options.port ?? 0, host);
    await once(server, 'listening');
  } catch (error) {
    await udp.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;

  const get = (name: string): SimulatedCamera => {
    const camera = cameras.get(name);
    if (!camera) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no simulated camera "${name}".`);
    return camera;
  };
  let closing: Promise<void> | undefined;
  return {
    port,
    url(name) {
      const { user, password } = get(name).options;
      const login =
        user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@`;
      return `rtsp://${login}${host.includes(':') ? `[${host}]` : host}:${port}/${name}`;
    },
    fault(name, kind, { forMs } = {}) {
      if (!FAULTS.includes(kind)) throw new CabinwatchError('CONFIG_INVALID', `There is no fault "${kind}".`);
      get(name).suffer(kind, forMs);
    },
    status: (name) => get(name).status,
    close() {
      closing ??= (async () => {
        for (const camera of cameras.values()) camera.close();
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((done) => server.close(() => done()));
        await udp.close();
      })();
      return closing;
    },
  };
}

/** `rtsp://host:port/NAME/trackID=0` → `NAME`. */
function cameraName(uri: string): string {
  const path = /^rtsp:\/\/[^/]*\/(.*)$/i.exec(uri)?.[1] ?? uri.replace(/^\/+/, '');
  const [name = ''] = path.split(/[/?]/);
  return decodeURIComponent(name);
}
