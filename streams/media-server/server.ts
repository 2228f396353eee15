import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import NodeMediaServer from 'node-media-server';
import context from 'node-media-server/src/core/context.js';
import logger from 'node-media-server/src/core/logger.js';
import { rateSampler } from 'node-media-server/src/core/rate_sampler.js';
import { APPLICATION, CAMERA_ID, type Gate } from './gate.ts';
import type { FromWorker, WorkerSettings } from './messages.ts';
import { admitSessions } from './sessions.ts';

type Tell = (message: FromWorker) => void;

/** A client that has not said what it wants to publish within so many bytes or ms is not a camera. */
const UNKNOWN_BYTES = 16_384;
const UNKNOWN_MS = 10_000;
const SWEEP_MS = 1000;

export interface OpenServer {
  /** Cuts off who publishes or watches a camera that is no longer there. */
  disconnect(cameraId: string): void;
  close(): void;
}

/** Runs node-media-server's RTMP, HTTP-FLV and WS-FLV servers behind the gate. Nothing else of it is started. */
export function openServer(settings: WorkerSettings, gate: Gate, tell: Tell): OpenServer {
  const media = new NodeMediaServer({
    bind: settings.bind,
    // As text, since the number 0 would switch the server off; "0" is a free port.
    rtmp: { port: String(settings.rtmpPort) },
    http: { port: String(settings.httpPort) },
    webadmin: { enable: false },
    // Its own signature check; `admitSessions` puts the gate in its place, and without that nobody gets in.
    auth: { play: true, publish: true, secret: settings.readerKey },
  });
  logger.level = 'error';
  const rtmp = media.rtmpServer.tcpServer;
  const http = media.httpServer.httpServer;
  for (const [what, server] of [['RTMP', rtmp] as const, ['HTTP', http] as const]) {
    // Before its own listener, which ends the thread.
    server.prependListener('error', (error: NodeJS.ErrnoException) =>
      tell({ type: 'failed', what, code: error.code ?? error.message }),
    );
  }
  guardRtmp(rtmp, settings, tell);
  guardHttp(http, gate, tell);
  admitSessions(media, gate, tell);
  media.rtmpServer.run();
  media.httpServer.run();
  void Promise.all([listening(rtmp), listening(http)]).then(([rtmpPort, httpPort]) =>
    tell({ type: 'listening', rtmpPort, httpPort }),
  );
  const sweep = setInterval(() => dropSlowViewers(settings.maxViewerBacklog, tell), SWEEP_MS);
  return {
    disconnect(cameraId) {
      for (const { streamName, socket, res } of context.sessions.values()) {
        if (streamName !== cameraId) continue;
        socket?.destroy();
        if (res) cutOff(res);
      }
    },
    close() {
      clearInterval(sweep);
      rateSampler.stop();
      media.rtmpServer.stop();
      media.httpServer.stop();
      http.closeAllConnections();
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.once('listening', () => resolve((server.address() as AddressInfo).port)),
  );
}

/** node-media-server's parser throws at what is no RTMP; here that costs the one connection. */
function guardRtmp(server: Server, settings: WorkerSettings, tell: Tell): void {
  server.on('connection', (socket: Socket) => {
    const handlers = socket.listeners('data') as ((data: Buffer) => void)[];
    socket.removeAllListeners('data');
    const isPublishing = (): boolean =>
      [...context.sessions.values()].some((session) => session.socket === socket && session.isPublisher);
    let received = 0;
    socket.on('data', (data: Buffer) => {
      received += data.length;
      try {
        for (const handle of handlers) handle(data);
      } catch {
        tell({ type: 'dropped', what: 'bad-rtmp', count: 1 });
        socket.destroy();
      }
      if (received > UNKNOWN_BYTES && received - data.length <= UNKNOWN_BYTES && !isPublishing())
        socket.destroy();
    });
    const deadline = setTimeout(() => {
      if (!isPublishing()) socket.destroy();
    }, UNKNOWN_MS);
    socket.once('close', () => clearTimeout(deadline));
    // A camera that lost power leaves its connection open, and would be told that its stream is taken.
    socket.setTimeout(settings.publisherIdleMs, () => socket.destroy());
  });
}

/** Answers what may not pass before node-media-server hears of it: one path, GET only, with a token. */
function guardHttp(server: import('node:http').Server, gate: Gate, tell: Tell): void {
  const refuse = (request: IncomingMessage): { status: number; reason: string } | undefined => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, application = '', cameraId = ''] = /^\/([\w-]+)\/([\w-]+)\.flv$/.exec(url.pathname) ?? [];
    if (application !== APPLICATION || !CAMERA_ID.test(cameraId))
      return { status: 404, reason: 'there is no such stream' };
    if (request.method !== 'GET') return { status: 405, reason: 'streams are published by RTMP' };
    const verdict = gate.play(application, cameraId, Object.fromEntries(url.searchParams), Date.now());
    if (verdict.allowed) return undefined;
    tell({ type: 'refused', what: 'play', cameraId, reason: verdict.reason });
    return verdict;
  };
  const pass = (
    event: 'request' | 'upgrade',
    no: (answer: Answer, status: number, reason: string) => void,
  ): void => {
    const handlers = server.listeners(event) as ((...args: unknown[]) => void)[];
    server.removeAllListeners(event);
    server.on(event, (request: IncomingMessage, answer: Answer, ...rest: unknown[]) => {
      const refused = refuse(request);
      if (refused) no(answer, refused.status, refused.reason);
      else for (const handle of handlers) handle(request, answer, ...rest);
    });
  };
  pass('request', (answer, status, reason) => {
    const body = JSON.stringify({
      code: status === 401 ? 'TOKEN_INVALID' : 'MEDIA_UNAVAILABLE',
      message: reason,
    });
    const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
    (answer as ServerResponse).writeHead(status, headers).end(body);
  });
  pass('upgrade', (answer, status, reason) => {
    (answer as Socket).end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
}

type Answer = ServerResponse | Socket;

function cutOff(viewer: NonNullable<NodeMediaServer.Session['res']>): void {
  if (viewer.terminate) viewer.terminate();
  else viewer.destroy?.();
}

/** What a viewer does not take would otherwise pile up in memory without end. */
function dropSlowViewers(limit: number, tell: Tell): void {
  let count = 0;
  for (const { isPublisher, res } of context.sessions.values()) {
    if (isPublisher || !res || (res.writableLength ?? res.bufferedAmount ?? 0) <= limit) continue;
    count++;
    cutOff(res);
  }
  if (count > 0) tell({ type: 'dropped', what: 'slow-viewer', count });
}
