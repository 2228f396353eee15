import { describe, expect, it } from 'vitest';
import { authorize, parseChallenges } from './authorization.ts';

const credentials = { username: 'Mufasa', password: 'Circle of Life' };
const request = {
  method: 'GET',
  uri: '/dir/index.html',
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};

describe('authorize', () => {
  // RFC 7616 §3.9.1, the same request with both hashes.
  const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
  const header = (algorithm: string): string =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", opaque="FQhe"`;

  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers the %s challenge of RFC 7616', (algorithm, response) => {
    const [challenge] = parseChallenges([header(algorithm)]);
    const answer = authorize(challenge!, credentials, request);
    expect(answer).toContain(`response="${response}"`);
    expect(answer).toContain('nc=00000001');
    expect(answer).toContain('opaque="FQhe"');
  });

  it('answers a challenge without qop as RFC 2069 has it', () => {
    const [challenge] = parseChallenges(['Digest realm="cam", nonce="abc"']);
    const answer = authorize(
      challenge!,
      { username: 'u', password: 'p' },
      { ...request, method: 'DESCRIBE', uri: 'rtsp://h/' },
    );
    expect(answer).not.toContain('qop');
    expect(answer).toMatch(
      /^Digest username="u", realm="cam", nonce="abc", uri="rtsp:\/\/h\/", response="[0-9a-f]{32}"$/,
    );
  });

  it('answers a basic challenge', () => {
    const [challenge] = parseChallenges(['Basic realm="cam"']);
    expect(authorize(challenge!, { username: 'Aladdin', password: 'open sesame' }, request)).toBe(
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    );
  });
});

describe('parseChallenges', () => {
  it('prefers the strongest, and leaves out what it cannot answer', () => {
    const challenges = parseChallenges([
      'Basic realm="a"',
      'Digest realm="a", nonce="1", algorithm=MD5',
      'Digest realm="a", nonce="2", algorithm="SHA-256"',
      'Digest realm="a", nonce="3", algorithm=SHA-512-256',
      'Negotiate abc',
    ]);
    expect(challenges.map((c) => c.parameters.nonce ?? c.scheme)).toEqual(['2', '1', 'basic']);
  });
});
