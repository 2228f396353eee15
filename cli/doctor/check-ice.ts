import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Finding } from './finding.ts';

export interface IceUse {
  readonly stun: readonly string[];
  readonly turn: readonly string[];
  readonly secret: string | undefined;
}

const CONNECT_MS = 2000;
/** A datagram may be lost. */
const TRIES = 3;
const TRY_MS = 700;

/** Whether the servers that calls need to get through NAT are set, and answer. */
export async function checkIce({ stun, turn, secret }: IceUse): Promise<Finding[]> {
  if (stun.length + turn.length === 0) return [NONE_SET];
  const answers = await Promise.all([...stun, ...turn].map(checkServer));
  return turn.length > 0 && !secret ? [NO_SECRET, ...answers] : answers;
}

const NONE_SET: Finding = Object.freeze<Finding>({
  id: 'ice',
  level: 'note',
  text: {
    en: 'no STUN or TURN server is set: calls work only where both sides are on one network',
    zh: '未设置 STUN 或 TURN 服务器：仅当双方在同一网络时通话可用',
  },
  remedy: {
    en: 'For calls through NAT set signaling.turn (coturn is one).',
    zh: '如需跨 NAT 通话，请设置 signaling.turn（例如使用 coturn）。',
  },
});

const NO_SECRET: Finding = Object.freeze<Finding>({
  id: 'ice-secret',
  level: 'change',
  text: { en: 'TURN is set without its shared secret.', zh: '已设置 TURN，但缺少共享密钥。' },
  remedy: {
    en: 'Set signaling.turn.secret to what the server has (coturn: static-auth-secret).',
    zh: '请将 signaling.turn.secret 设为与服务器一致的密钥（coturn：static-auth-secret）。',
  },
});

/** `turn:HOST:PORT?transport=tcp` by its parts (RFC 7064, RFC 7065). */
export function iceAddress(url: string): {
  readonly host: string;
  readonly port: number;
  readonly udp: boolean;
} {
  const [, scheme = '', rest = '', query = ''] = /^(stuns?|turns?):([^?]*)(?:\?(.*))?$/.exec(url) ?? [];
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(rest) ?? [];
  const secure = scheme.endsWith('s');
  return {
    host: bracketed ?? plain,
    port: Number(port ?? (secure ? 5349 : 3478)),
    udp: !secure && query !== 'transport=tcp',
  };
}

async function checkServer(url: string): Promise<Finding> {
  const { host, port, udp } = iceAddress(url);
  const id = `ice-${url}`;
  try {
    await (udp ? askBinding(host, port) : connectTo(host, port));
    return { id, level: 'ok', text: { en: `${url} answers`, zh: `${url} 有应答` } };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return {
      id,
      level: 'change',
      text: { en: `${url} does not answer (${reason}).`, zh: `${url} 没有应答（${reason}）。` },
      remedy: {
        en: `Check host and port, that the server runs, and that the firewall lets ${udp ? 'UDP' : 'TCP'} port ${port} through.`,
        zh: `请检查主机和端口、服务器是否运行，以及防火墙是否放行 ${udp ? 'UDP' : 'TCP'} ${port} 端口。`,
      },
      facts: { reason },
    };
  }
}

const BINDING_REQUEST = 0x0001;
const BINDING_RESPONSE = 0x0101;
const MAGIC_COOKIE = 0x2112a442;

/** A STUN binding request (RFC 8489, section 5), which TURN servers answer as well. */
async function askBinding(host: string, port: number): Promise<void> {
  const request = Buffer.alloc(20);
  request.writeUInt16BE(BINDING_REQUEST, 0);
  request.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(request, 8);
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    for (let tries = 1; ; tries++) {
      socket.send(request, port, host);
      const signal = AbortSignal.timeout(TRY_MS);
      try {
        const [answer] = (await once(socket, 'message', { signal })) as [Buffer];
        if (answer.length >= 20 && answer.readUInt16BE(0) === BINDING_RESPONSE) return;
        throw new Error('no STUN server');
      } catch (error) {
        if (!signal.aborted || tries === TRIES) throw signal.aborted ? new Error('silence') : error;
      }
    }
  } finally {
    socket.close();
  }
}

async function connectTo(host: string, port: number): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
  } finally {
    socket.destroy();
  }
}
