import { WebSocket } from 'ws';
import type { ClientSocket } from '../../signaling/index.ts';

/** A WebSocket as the client library of calls wants it, without a browser. */
export function openSocket(url: string): ClientSocket {
  const socket = new WebSocket(url);
  const wrapped: ClientSocket = {
    onopen: undefined,
    onmessage: undefined,
    onclose: undefined,
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
  socket.on('open', () => wrapped.onopen?.());
  socket.on('message', (data) => wrapped.onmessage?.(String(data)));
  socket.on('close', () => wrapped.onclose?.());
  return wrapped;
}
