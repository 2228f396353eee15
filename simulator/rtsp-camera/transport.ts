import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { CabinwatchError } from '../../core/index.ts';

/** Bytes a TCP client may be behind before it loses pictures, about ten seconds of a cabin camera. */
const MAX_BEHIND = 1024 * 1024;

export interface Transport {
  /** The `Transport` header of the answer. */
  readonly header: string;
  readonly sendPicture: (packets: readonly Buffer[]) => boolean;
  readonly sendControl: (packet: Buffer) => void;
}

/** Undefined when the client asks for nothing that we speak. */
export function createTransport(header: string, socket: Socket, udp: UdpPair): Transport | undefined {
  for (const spec of header.split(',')) {
    const tcp = /RTP\/AVP\/TCP/i.test(spec);
    const channels = /interleaved=(\d+)-(\d+)/i.exec(spec);
    if (tcp) return interleaved(socket, Number(channels?.[1] ?? 0), Number(channels?.[2] ?? 1));
    const ports = /client_port=(\d+)(?:-(\d+))?/i.exec(spec);
    if (/RTP\/AVP(\/UDP)?(;|$)/i.test(spec.trim()) && !/multicast/i.test(spec) && ports) {
      const rtp = Number(ports[1]);
      return datagrams(socket, udp, rtp, Number(ports[2] ?? rtp + 1));
    }
  }
  return undefined;
}

function interleaved(socket: Socket, rtpChannel: number, rtcpChannel: number): Transport {
  const frame = (channel: number, packet: Buffer): Buffer => {
    const head = Buffer.allocUnsafe(4);
    head[0] = 0x24;
    head[1] = channel;
    head.writeUInt16BE(packet.length, 2);
    return head;
  };
  const open = (): boolean => socket.writable;
  return {
    header: `RTP/AVP/TCP;unicast;interleaved=${rtpChannel}-${rtcpChannel}`,
    sendPicture(packets) {
      if (!open()) return true;
      if (socket.writableLength > MAX_BEHIND) return false;
      socket.write(Buffer.concat(packets.flatMap((p) => [frame(rtpChannel, p), p])));
      return true;
    },
    sendControl(packet) {
      if (open()) socket.write(Buffer.concat([frame(rtcpChannel, packet), packet]));
    },
  };
}

function datagrams(socket: Socket, udp: UdpPair, rtp: number, rtcp: number): Transport {
  const host = socket.remoteAddress ?? '127.0.0.1';
  return {
    header: `RTP/AVP;unicast;client_port=${rtp}-${rtcp};server_port=${udp.port}-${udp.port + 1}`,
    sendPicture(packets) {
      for (const packet of packets) udp.rtp.send(packet, rtp, host);
      return true;
    },
    sendControl(packet) {
      udp.rtcp.send(packet, rtcp, host);
    },
  };
}

export interface UdpPair {
  readonly rtp: UdpSocket;
  readonly rtcp: UdpSocket;
  /** Even, for RTP; the next is RTCP's (RFC 3550 §11). */
  readonly port: number;
  close(): Promise<void>;
}

/** Two neighbouring free ports, the first even. */
export async function openUdpPair(host: string): Promise<UdpPair> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const rtp = await bind(host, 0);
    const port = rtp?.address().port ?? 1;
    const rtcp = port % 2 === 0 ? await bind(host, port + 1) : undefined;
    if (rtp && rtcp) {
      return {
        rtp,
        rtcp,
        port,
        close: async () => {
          await Promise.all([rtp, rtcp].map((s) => new Promise<void>((done) => s.close(() => done()))));
        },
      };
    }
    rtp?.close();
    rtcp?.close();
  }
  throw new CabinwatchError('MEDIA_UNAVAILABLE', `No two neighbouring UDP ports are free on ${host}.`);
}

async function bind(host: string, port: number): Promise<UdpSocket | undefined> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
    // Lost datagrams and vanished receivers are a camera's daily life.
    socket.on('error', () => {});
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}
