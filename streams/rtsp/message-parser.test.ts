import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtspMessageParser, type RtspResponse } from './message-parser.ts';

const interleaved = (channel: number, size: number): Buffer =>
  Buffer.concat([Buffer.from([0x24, channel, size >> 8, size & 0xff]), Buffer.alloc(size, channel)]);

const STREAM = Buffer.concat([
  Buffer.from(
    'RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 5\r\nWWW-Authenticate: A\r\nwww-authenticate: B\r\n\r\nhello',
  ),
  interleaved(0, 300),
  interleaved(1, 28),
  Buffer.from('RTSP/1.0 404 Not Found\r\nCSeq: 2\r\n\r\n'),
]);

describe('RtspMessageParser', () => {
  it('reads the same out of any portions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1 }), (portions) => {
        const responses: RtspResponse[] = [];
        const packets: [number, number][] = [];
        const parser = new RtspMessageParser({
          response: (response) => responses.push(response),
          interleaved: (channel, packet) => packets.push([channel, packet.length]),
        });
        for (let at = 0, k = 0; at < STREAM.length; k++) {
          const size = portions[k % portions.length] as number;
          parser.push(STREAM.subarray(at, at + size));
          at += size;
        }
        expect(packets).toEqual([
          [0, 300],
          [1, 28],
        ]);
        expect(responses.map((r) => [r.status, r.reason, r.body])).toEqual([
          [200, 'OK', 'hello'],
          [404, 'Not Found', ''],
        ]);
        expect(responses[0]?.headers['www-authenticate']).toEqual(['A', 'B']);
      }),
    );
  });

  it('refuses what is no RTSP, and what never ends', () => {
    const parser = () => new RtspMessageParser({ response() {}, interleaved() {} });
    expect(() => parser().push(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))).toThrow(/not RTSP/);
    expect(() => parser().push(Buffer.from(`RTSP/1.0 200 OK\r\n${'x'.repeat(300_000)}`))).toThrow(/longer/);
  });
});
