/** One message channel as the server sees it: a WebSocket's, or one within the process. */
export interface ServerSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes sent and not yet taken by the other side. */
  readonly buffered: number;
}

/** Close codes that are not WebSocket's own. The reason of a `bye` stands in the close reason too. */
export const CLOSE_CODES = Object.freeze({
  bye: 4000,
  refused: 4001,
  rate: 4008,
  slow: 4009,
  size: 1009,
  closing: 1012,
});

/** The same channel from the other end. `onclose` comes once, also when it never opened. */
export interface ClientSocket {
  onopen: (() => void) | undefined;
  onmessage: ((text: string) => void) | undefined;
  onclose: (() => void) | undefined;
  send(text: string): void;
  close(): void;
}

/** What the server's end of a channel tells whoever serves it. */
export interface SocketHandler {
  message(text: string): void;
  closed(): void;
}

/** A channel within the process: how the service itself sits in a lift's room. */
export function createLocalSocket(accept: (socket: ServerSocket) => SocketHandler): ClientSocket {
  let open = true;
  // Whoever accepts may refuse at once.
  let handler: SocketHandler | undefined;
  const shut = (): void => {
    if (!open) return;
    open = false;
    handler?.closed();
    queueMicrotask(() => client.onclose?.());
  };
  const client: ClientSocket = {
    onopen: undefined,
    onmessage: undefined,
    onclose: undefined,
    // Never within the caller's own turn, as with a real line.
    send: (text) => queueMicrotask(() => open && handler?.message(text)),
    close: shut,
  };
  handler = accept({
    send: (text) => queueMicrotask(() => client.onmessage?.(text)),
    close: shut,
    buffered: 0,
  });
  queueMicrotask(() => open && client.onopen?.());
  return client;
}
