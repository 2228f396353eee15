import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ServerSocket, SocketHandler } from './socket.ts';

export interface AttachOptions {
  readonly path: string;
  readonly maxMessageBytes: number;
  /** For instance: whether the page comes from our own origin. */
  readonly isAllowed: (request: IncomingMessage) => boolean;
  readonly accept: (socket: WebSocket) => void;
}

/** Takes a server's upgrades at one path and leaves all others alone. Returns what undoes it. */
export function attachWebSockets(server: Server, options: AttachOptions): () => void {
  // Without compression a message's size is what was sent: nothing inflates behind the limit.
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: options.maxMessageBytes,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Also what some proxies make of it: //signal.
    const path = (request.url ?? '').split('?')[0]!.replace(/^\/+/, '/');
    if (path !== options.path) return;
    if (!options.isAllowed(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => options.accept(opened));
  };
  server.on('upgrade', onUpgrade);
  return () => {
    server.off('upgrade', onUpgrade);
  };
}

/** How long a peer has to answer the closing handshake before the line is cut, ms. */
const CLOSING_MS = 2_000;

export function serveWebSocket(socket: WebSocket, open: (line: ServerSocket) => SocketHandler): void {
  const handler = open({
    send: (text) => socket.send(text),
    close: (code, reason) => {
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), CLOSING_MS).unref();
    },
    get buffered() {
      return socket.bufferedAmount;
    },
  });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) socket.close(1003, 'text only');
    else handler.message(data.toString());
  });
  // An error is followed by a close; of a line that breaks there is nothing more to say.
  socket.on('error', () => {});
  socket.on('close', () => handler.closed());
}
