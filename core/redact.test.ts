import { expect, test } from 'vitest';
import { redactUrls } from './redact.ts';

test.each([
  ['rtsp://admin:hunter2@192.0.2.1:554/a', 'rtsp://***@192.0.2.1:554/a'],
  ['open rtsp://a:b@h/1 and rtmp://c:d@h/2', 'open rtsp://***@h/1 and rtmp://***@h/2'],
  ['{"url":"rtsp://a:b@h/1","mail":"x@y"}', '{"url":"rtsp://***@h/1","mail":"x@y"}'],
  ['a password with @ and /: rtsp://u:p@s/s@h/1', 'a password with @ and /: rtsp://***@h/1'],
  ['rtsp://192.0.2.1/no/credentials', 'rtsp://192.0.2.1/no/credentials'],
])('%s', (text, redacted) => {
  expect(redactUrls(text)).toBe(redacted);
});
