import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSenderReport } from './rtcp.ts';

// As GStreamer's server sent it: a sender report, then a source description.
const PACKET = Buffer.from('80c800066e308167eeacebded56ebd4ca53675be0000006b000143cf81ca000c6e308167', 'hex');

it('reads the camera’s clock of a sender report', () => {
  const report = readSenderReport(PACKET);
  expect(new Date(report?.ntpMs ?? 0).toISOString()).toBe('2026-11-22T04:19:42.833Z');
  expect(report).toMatchObject({ packets: 107, octets: 82_895 });
});

it('finds none where there is none, or no clock', () => {
  expect(readSenderReport(Buffer.from('81ca000c6e308167', 'hex'))).toBeUndefined();
  const unset = Buffer.from(PACKET);
  unset.fill(0, 8, 16);
  expect(readSenderReport(unset)).toBeUndefined();
});

it('is not led astray by anything', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readSenderReport(Buffer.from(bytes))),
  );
});
