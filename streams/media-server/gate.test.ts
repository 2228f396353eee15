import { describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { signPlayToken } from './tokens.ts';

const gate = (): Gate => {
  const made = new Gate({ secret: 's', readerKey: 'the reader' });
  made.addCamera('cam');
  made.allowPublisher('cam', 'k1', 'camera');
  made.allowPublisher('cam', 'k2', 'service');
  return made;
};
const token = (camera: string, expires = 1000): string => signPlayToken('s', camera, expires);

describe('Gate', () => {
  it('knows whose publish key it is, and no other', () => {
    expect(gate().publish('live', 'cam', { key: 'k1' })).toBe('camera');
    expect(gate().publish('live', 'cam', { key: 'k2' })).toBe('service');
    for (const query of [{}, { key: '' }, { key: 'k3' }, { key: ['k1', 'k1'] }]) {
      expect(gate().publish('live', 'cam', query)).toBeUndefined();
    }
    expect(gate().publish('other', 'cam', { key: 'k1' })).toBeUndefined();
    expect(gate().publish('live', 'cam2', { key: 'k1' })).toBeUndefined();
  });

  it('forgets a key that is revoked, and all of a camera that is removed', () => {
    const one = gate();
    one.revokePublisher('cam', 'k1');
    expect(one.publish('live', 'cam', { key: 'k1' })).toBeUndefined();
    expect(one.publish('live', 'cam', { key: 'k2' })).toBe('service');
    one.removeCamera('cam');
    expect(one.publish('live', 'cam', { key: 'k2' })).toBeUndefined();
    expect(one.play('live', 'cam', { token: token('cam') }, 0).status).toBe(404);
  });

  it.each([
    ['a token', { token: token('cam') }, 0, 200, true],
    ['no token', {}, 0, 401, false],
    ['an old token', { token: token('cam') }, 1000, 401, false],
    ['the token of another camera', { token: token('cam2') }, 0, 401, false],
    ['the reader’s key', { reader: 'the reader' }, 0, 200, false],
    ['a wrong reader’s key', { reader: 'the writer' }, 0, 401, false],
  ])('lets play with %s as it should', (_name, query, now, status, viewer) => {
    expect(gate().play('live', 'cam', query, now)).toMatchObject({ allowed: status === 200, status, viewer });
  });

  it('does not tell who has no token whether a camera exists', () => {
    expect(gate().play('live', 'none', {}, 0)).toEqual(gate().play('live', 'cam', {}, 0));
  });
});
