import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { authorized, challenge } from './auth.ts';
import type { SimulatedCamera, Viewer } from './camera.ts';
import { formatResponse, RtspParser, type RtspRequest } from './rtsp-message.ts';
import { describe } from './sdp.ts';
import { createTransport, type Transport, type UdpPair } from './transport.ts';

const SESSION_TIMEOUT_S = 60;
const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER';

export interface ConnectionDeps {
  find(uri: string): SimulatedCamera | undefined;
  readonly udp: UdpPair;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Done once the answer is on its way. */
  readonly afterwards?: () => void;
}

/** One client's RTSP connection. Its session lives and ends with it, also over UDP. */
export class Connection {
  readonly #socket: Socket;
  readonly #deps: ConnectionDeps;
  readonly #parser = new RtspParser();
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #session = { Session: `${randomBytes(8).toString('hex')};timeout=${SESSION_TIMEOUT_S}` };
  #transport: Transport | undefined;
  #watching: { camera: SimulatedCamera; viewer: Viewer } | undefined;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk as Buffer));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#stop());
  }

  #receive(chunk: Buffer): void {
    try {
      for (const request of this.#parser.push(chunk)) this.#handle(request);
    } catch {
      this.#socket.end(formatResponse(400, undefined));
    }
  }

  #handle(request: RtspRequest): void {
    const camera = this.#deps.find(request.uri);
    if (camera?.fault === 'hang') return;
    if (camera?.fault === 'die') {
      this.#socket.destroy();
      return;
    }
    const { status, headers, body, afterwards } = this.#answer(request, camera);
    this.#socket.write(formatResponse(status, request.headers.get('cseq'), headers, body));
    afterwards?.();
  }

  #answer(request: RtspRequest, camera: SimulatedCamera | undefined): Answer {
    if (request.method === 'OPTIONS') return { status: 200, headers: { Public: METHODS } };
    if (!camera) return { status: 404 };
    if (!this.#admits(request, camera)) {
      const scheme = camera.options.auth ?? 'digest';
      return { status: 401, headers: { 'WWW-Authenticate': challenge(scheme, this.#nonce) } };
    }
    switch (request.method) {
      case 'DESCRIBE':
        return {
          status: 200,
          headers: {
            'Content-Base': request.uri.endsWith('/') ? request.uri : `${request.uri}/`,
            'Content-Type': 'application/sdp',
          },
          body: describe(camera.clip, camera.options.name),
        };
      case 'SETUP':
        this.#transport = createTransport(
          request.headers.get('transport') ?? '',
          this.#socket,
          this.#deps.udp,
        );
        if (!this.#transport) return { status: 461 };
        return { status: 200, headers: { Transport: this.#transport.header, ...this.#session } };
      case 'PLAY':
        if (!this.#transport) return { status: 455 };
        return {
          status: 200,
          headers: { Range: 'npt=now-', ...this.#session },
          afterwards: () => this.#play(camera),
        };
      case 'PAUSE':
        this.#stop();
        return { status: 200, headers: this.#session };
      case 'TEARDOWN':
        this.#stop();
        return { status: 200 };
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return { status: 200, headers: this.#session };
      default:
        return { status: 405 };
    }
  }

  #admits(request: RtspRequest, camera: SimulatedCamera): boolean {
    if (camera.fault === 'wrong-password') return false;
    const { user, password, auth: scheme = 'digest' } = camera.options;
    if (user === undefined) return true;
    const credentials = { user, password: password ?? '', scheme };
    return authorized(request.headers.get('authorization'), request.method, this.#nonce, credentials);
  }

  #play(camera: SimulatedCamera): void {
    if (this.#watching || !this.#transport) return;
    const { sendPicture, sendControl } = this.#transport;
    const viewer: Viewer = { sendPicture, sendControl, close: () => this.#socket.destroySoon() };
    this.#watching = { camera, viewer };
    camera.add(viewer);
  }

  #stop(): void {
    if (this.#watching) this.#watching.camera.remove(this.#watching.viewer);
    this.#watching = undefined;
  }
}
