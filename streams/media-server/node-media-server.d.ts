/** The parts of node-media-server 4.4.3 that we use; it comes without types. */
declare module 'node-media-server' {
  import type { Server as HttpServer } from 'node:http';
  import type { Socket, Server as TcpServer } from 'node:net';

  interface NodeMediaServerSession {
    readonly id: string;
    readonly protocol: string;
    readonly streamApp: string;
    readonly streamName: string;
    readonly streamQuery: Record<string, string | string[] | undefined>;
    isPublisher: boolean;
    readonly socket?: Socket;
    readonly res?: {
      readonly writableLength?: number;
      readonly bufferedAmount?: number;
      destroy?(): void;
      terminate?(): void;
    };
    readonly broadcast: {
      publisher: NodeMediaServerSession | null;
      publishGraceMs: number;
      verifyAuth: (authKey: string, session: NodeMediaServerSession) => boolean;
      donePublish(session: NodeMediaServerSession): void;
    };
  }

  class NodeMediaServer {
    constructor(config: object);
    readonly httpServer: { run(): void; stop(): void; readonly httpServer: HttpServer };
    readonly rtmpServer: { run(): void; stop(): void; readonly tcpServer: TcpServer };
    on(event: string, listener: (session: NodeMediaServerSession) => void): void;
  }
  namespace NodeMediaServer {
    type Session = NodeMediaServerSession;
  }
  export = NodeMediaServer;
}

declare module 'node-media-server/src/core/context.js' {
  const context: { readonly sessions: Map<string, import('node-media-server').Session> };
  export default context;
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { level: string };
  export default logger;
}

declare module 'node-media-server/src/core/rate_sampler.js' {
  export const rateSampler: { stop(): void };
}
