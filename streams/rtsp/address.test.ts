import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from './address.ts';

describe('parseAddress', () => {
  it('takes an address apart and shows it without its secrets', () => {
    const address = parseAddress('rtsp://admin:p%40ss%2F1@10.0.0.5:8554/Streaming/101?x=1');
    expect(address).toMatchObject({
      safe: 'rtsp://10.0.0.5:8554/Streaming/101?x=1',
      host: '10.0.0.5',
      port: 8554,
      username: 'admin',
      password: 'p@ss/1',
    });
    expect(address.redact('wrong p@ss/1 or p%40ss%2F1')).toBe('wrong *** or ***');
  });

  it('hides passwords that stand in the path or the query', () => {
    for (const text of [
      'rtsp://h/live?user=a&password=hunter22&x=1',
      'rtsp://h/user=a&password=hunter22&channel=1',
    ]) {
      const address = parseAddress(text);
      expect(address.safe).not.toContain('hunter22');
      expect(address.safe).toMatch(/x=1|channel=1/);
      expect(address.redact('said hunter22')).toBe('said ***');
    }
  });

  it('reads an IPv6 host', () => {
    expect(parseAddress('rtsp://[fe80::1]:554/a')).toMatchObject({ host: 'fe80::1', port: 554 });
  });

  it.each([
    '',
    'camera',
    '/dev/video0',
    'file:///etc/passwd',
    'concat:a|b',
    'rtsp://',
    'rtsp://admin:pa#ss@host/',
  ])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow(/camera address/);
  });

  it('shows no part of a password, whatever is in it, nor when it refuses', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{6,24}$/), fc.boolean(), (password, encode) => {
        // What by chance is part of the rest of the address or of a message would be found there.
        const marked = `Xq7${password}Zv9`;
        const text = `rtsp://admin:${encode ? encodeURIComponent(marked) : marked}@camera.example/live`;
        let shown: string;
        try {
          const { safe, redact } = parseAddress(text);
          shown = `${safe} ${redact(text)}`;
        } catch (error) {
          shown =
            String(error) + JSON.stringify(error) + (error as Error).stack + String((error as Error).cause);
        }
        if (encode) {
          expect(shown).not.toContain('Xq7');
          expect(shown).not.toContain(marked);
        }
        expect(shown.split('camera.example')[0]).not.toContain(marked);
      }),
    );
  });
});
