import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conceal, hiddenPaths, reveal } from './lift-secrets.ts';

const lift = (url: string) => ({ id: 'a', name: 'Car A', camera: { url, fps: 5 } });

describe('settings that are shown', () => {
  it.each([
    ['rtsp://viewer:p@ss/word@10.0.0.7:554/stream', 'rtsp://***@10.0.0.7:554/stream'],
    ['rtsp://10.0.0.7/cam?channel=1&password=hunter2', 'rtsp://10.0.0.7/cam?channel=1&password=***'],
    [
      'rtsp://10.0.0.7/user=admin_password=tlJwpbo6_channel=1',
      'rtsp://10.0.0.7/user=admin_password=***_channel=1',
    ],
    ['rtmp://10.0.0.7/live/a?key=abcdefgh', 'rtmp://10.0.0.7/live/a?key=***'],
    ['rtsp://10.0.0.7/stream', 'rtsp://10.0.0.7/stream'],
  ])('hide what lets one in: %s', (url, shown) => {
    expect(conceal(lift(url))).toEqual(lift(shown));
  });

  it('hide publish keys, and leave the rest as it is', () => {
    expect(conceal({ id: 'a', camera: { publishKey: 'abcdefgh', audio: true } })).toEqual({
      id: 'a',
      camera: { publishKey: '***', audio: true },
    });
  });

  it('never hold a password, wherever it stands', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!$*+.~@:]{6,20}$/).map((text) => `Z9${text}Q7`);
    fc.assert(
      fc.property(secret, fc.domain(), (password, host) => {
        const shown = JSON.stringify(conceal(lift(`rtsp://u:${password}@${host}/s`)));
        expect(shown).not.toContain(password);
      }),
      { seed: 36, numRuns: 200 },
    );
  });
});

describe('settings that come back', () => {
  const kept = lift('rtsp://viewer:hunter2@10.0.0.7/stream');

  it('keep what was hidden, with changes beside it', () => {
    const sent = { ...conceal(kept), name: 'New', camera: { url: 'rtsp://***@10.0.0.7/stream', fps: 8 } };
    expect(reveal(sent, kept)).toEqual({ id: 'a', name: 'New', camera: { url: kept.camera.url, fps: 8 } });
  });

  it('do not send a password to another host', () => {
    const sent = lift('rtsp://***@10.6.6.6/stream');
    expect(reveal(sent, kept)).toEqual(sent);
    expect(hiddenPaths(reveal(sent, kept))).toEqual(['camera.url']);
  });

  it('take a new password', () => {
    expect(reveal(lift('rtsp://viewer:new@10.0.0.7/stream'), kept)).toEqual(
      lift('rtsp://viewer:new@10.0.0.7/stream'),
    );
  });
});
