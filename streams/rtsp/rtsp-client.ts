import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { CameraFaultError, faultOfSocketError } from '../camera/fault.ts';
import type { CameraAddress } from './address.ts';
import { authorize, type Challenge, parseChallenges } from './authorization.ts';
import { RtspMessageParser, type RtspResponse } from './message-parser.ts';

export interface RtspClientOptions {
  /** For the connection and for each answer, ms. Default 4000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onInterleaved?: (channel: number, packet: Buffer) => void;
}

/** Several seconds of speech that the camera has not taken, bytes. */
const MAX_UNSENT = 64 * 1024;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { rtsp: 554, rtsps: 322 };

/**
 * Enough of an RTSP client (RFC 2326) to ask a camera what it has, and to listen to its packets for a while: whether
 * it answers, whether it takes our password and which codec it sends is known in one round trip, without a process.
 * Pictures are ffmpeg's business; sound for the camera's loudspeaker goes out here.
 */
export class RtspClient {
  readonly #address: CameraAddress;
  readonly #timeoutMs: number;
  readonly #socket: net.Socket;
  /** The camera's address without credentials. */
  readonly uri: string;
  #sequence = 0;
  #challenge: Challenge | undefined;
  #uses = 0;
  #pending: { resolve(response: RtspResponse): void; reject(error: Error): void } | undefined;
  #failure: Error | undefined;
  /** One question at a time: the answers come in order. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(address: CameraAddress, options: RtspClientOptions, socket: net.Socket) {
    this.#address = address;
    this.#timeoutMs = options.timeoutMs ?? 4000;
    this.#socket = socket;
    const url = new URL(address.full);
    url.username = '';
    url.password = '';
    this.uri = url.href;
    const parser = new RtspMessageParser({
      response: (response) => this.#pending?.resolve(response),
      interleaved: (channel, packet) => options.onInterleaved?.(channel, packet),
    });
    socket.on('data', (chunk) => {
      try {
        parser.push(chunk as Buffer);
      } catch (error) {
        this.#fail(new CameraFaultError('unsupported', `${address.safe}: ${(error as Error).message}`));
      }
    });
    socket.on('error', (error) => this.#fail(faultOfSocketError(error, address.safe)));
    socket.on('close', () =>
      this.#fail(new CameraFaultError('ended', `${address.safe} closed the connection`)),
    );
    const abort = (): void => this.close();
    options.signal?.addEventListener('abort', abort, { once: true });
    // The signal outlives many connections and would hold on to every one of them.
    socket.once('close', () => options.signal?.removeEventListener('abort', abort));
  }

  /** @throws CameraFaultError refused, no-route, unknown-host, timeout */
  static async connect(address: CameraAddress, options: RtspClientOptions = {}): Promise<RtspClient> {
    const { timeoutMs = 4000, signal } = options;
    signal?.throwIfAborted();
    const port = address.port ?? DEFAULT_PORTS[address.scheme] ?? 554;
    const secure = address.scheme === 'rtsps';
    // Cameras sign their own certificates; the password is kept from who only listens, as with ffmpeg.
    const socket = secure
      ? tls.connect({ host: address.host, port, rejectUnauthorized: false })
      : net.connect({ host: address.host, port });
    socket.setNoDelay(true);
    let abort = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(new CameraFaultError('timeout', `${address.safe} did not answer within ${timeoutMs} ms`)),
          timeoutMs,
        );
        const settle = (act: () => void) => () => {
          clearTimeout(timer);
          act();
        };
        socket.once(secure ? 'secureConnect' : 'connect', settle(resolve));
        socket.once('error', (error) => settle(() => reject(faultOfSocketError(error, address.safe)))());
        abort = settle(() => reject(signal?.reason));
        signal?.addEventListener('abort', abort, { once: true });
      });
    } catch (error) {
      socket.destroy();
      socket.on('error', () => {});
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    return new RtspClient(address, options, socket);
  }

  /**
   * Sends a request, and once more with the password if the camera asks for it. Requests wait for those before them.
   * @param uri default: the camera's address without credentials
   * @throws CameraFaultError timeout, unauthorized, ended, unsupported
   */
  request(
    method: string,
    headers: Readonly<Record<string, string>> = {},
    uri?: string,
  ): Promise<RtspResponse> {
    const answer = this.#turn.then(() => this.#ask(method, headers, uri));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /**
   * Sends a packet between the requests (RFC 2326 §10.12).
   * @throws CameraFaultError when the connection is lost, or takes nothing any more
   */
  sendInterleaved(channel: number, packet: Buffer): void {
    if (this.#socket.writableLength > MAX_UNSENT)
      this.#fail(new CameraFaultError('timeout', `${this.#address.safe} takes no more`));
    if (this.#failure) throw this.#failure;
    const head = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]);
    this.#socket.write(Buffer.concat([head, packet]));
  }

  close(): void {
    this.#socket.destroy();
  }

  async #ask(
    method: string,
    headers: Readonly<Record<string, string>>,
    uri: string | undefined,
  ): Promise<RtspResponse> {
    const response = await this.#send(method, uri ?? this.uri, headers);
    if (response.status !== 401) return response;
    const { username } = this.#address;
    const [challenge] = parseChallenges(response.headers['www-authenticate'] ?? []);
    if (username === undefined || !challenge) {
      const why = challenge
        ? 'asks for a user name and password, and none is given'
        : 'asks for a kind of login that is not known';
      throw new CameraFaultError('unauthorized', `${this.#address.safe} ${why}`);
    }
    this.#challenge = challenge;
    this.#uses = 0;
    const again = await this.#send(method, uri ?? this.uri, headers);
    if (again.status === 401) {
      throw new CameraFaultError('unauthorized', `${this.#address.safe} refuses the user name or password`);
    }
    return again;
  }

  async #send(method: string, uri: string, headers: Readonly<Record<string, string>>): Promise<RtspResponse> {
    if (this.#failure) throw this.#failure;
    const { username, password = '' } = this.#address;
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${++this.#sequence}`, 'User-Agent: Cabinwatch'];
    if (this.#challenge && username !== undefined) {
      const request = { method, uri, count: ++this.#uses, cnonce: randomBytes(8).toString('hex') };
      lines.push(`Authorization: ${authorize(this.#challenge, { username, password }, request)}`);
    }
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    const timeout = new CameraFaultError(
      'timeout',
      `${this.#address.safe} did not answer ${method} within ${this.#timeoutMs} ms`,
    );
    const timer = setTimeout(() => this.#fail(timeout), this.#timeoutMs);
    try {
      return await new Promise<RtspResponse>((resolve, reject) => {
        this.#pending = { resolve, reject };
        this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      });
    } finally {
      clearTimeout(timer);
      this.#pending = undefined;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#pending?.reject(this.#failure);
    this.#socket.destroy();
  }
}
