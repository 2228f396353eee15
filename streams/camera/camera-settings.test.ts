import { describe, expect, it } from 'vitest';
import { cameraOptions, originOf } from './camera-settings.ts';

const ids = { cameraId: 'cam', liftId: 'lift' };

describe('cameraOptions', () => {
  it('fills in what is not given', () => {
    expect(cameraOptions({ ...ids, url: 'rtsp://h/1' })).toMatchObject({
      transport: 'tcp',
      fps: 5,
      ringSeconds: 20,
    });
  });

  it('names every wrong key, and repeats no value', () => {
    const wrong = {
      ...ids,
      url: 'rtsp://admin:hunter22@h/1',
      fps: 99,
      transport: 'sctp',
      passwort: 'hunter22',
    } as never;
    expect(() => cameraOptions(wrong)).toThrow(/fps.*transport|transport.*fps/);
    expect(() => cameraOptions(wrong)).not.toThrow(/hunter22/);
  });
});

describe('originOf', () => {
  it.each([[{}], [{ url: 'rtsp://h/1', file: 'a.mp4' }]])('wants exactly one origin, not %o', (given) => {
    expect(() => originOf('cam', cameraOptions({ ...ids, ...given }), undefined)).toThrow(/exactly one/);
  });

  it('wants the media server for a camera that pushes', () => {
    const options = cameraOptions({ ...ids, publishKey: '12345678' });
    expect(() => originOf('cam', options, undefined)).toThrow(/media server/);
  });
});
