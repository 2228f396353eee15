import { describe, expect, it } from 'vitest';
import { faultOfMessages, faultOfSocketError } from './fault.ts';

describe('faultOfMessages', () => {
  it.each([
    ['[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized', 'unauthorized'],
    ['[rtsp @ 0x1] method DESCRIBE failed: 404 Not Found', 'not-found'],
    ['Connection to tcp://10.0.0.5:554?timeout=5000000 failed: Connection refused', 'refused'],
    ['[tcp @ 0x1] Connection to tcp://10.0.0.5:554 failed: No route to host', 'no-route'],
    ['[tcp @ 0x1] Failed to resolve hostname camera.invalid: Name or service not known', 'unknown-host'],
    ['[rtsp @ 0x1] Connection timed out', 'timeout'],
    ['[rtsp @ 0x1] method SETUP failed: 453 Not Enough Bandwidth', 'busy'],
    ['[rtsp @ 0x1] method PLAY failed: 503 Service Unavailable', 'busy'],
    ["Stream map '0:v:0' matches no streams.", 'no-video'],
    ['pipe:0: Invalid data found when processing input', 'unsupported'],
    ['', 'ended'],
  ])('makes of %j: %s', (message, reason) => {
    const fault = faultOfMessages([message], 'rtsp://cam/1');
    expect(fault.reason).toBe(reason);
    expect(fault.message).toContain('rtsp://cam/1');
    expect(fault.message).not.toContain('0x1');
  });
});

describe('faultOfSocketError', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'no-route'],
    ['ENOTFOUND', 'unknown-host'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'ended'],
  ])('makes of %s: %s', (code, reason) => {
    expect(faultOfSocketError(Object.assign(new Error('x'), { code }), 'cam').reason).toBe(reason);
  });
});
