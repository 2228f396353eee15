import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../core/index.ts';
import { Closers } from './closers.ts';

describe('Closers', () => {
  it('close in reverse order, once, whatever fails', async () => {
    const closed: string[] = [];
    const closers = new Closers(silentLogger);
    closers.add('first', async () => {
      closed.push('first');
    });
    closers.add('broken', async () => {
      throw new Error('no');
    });
    closers.add('last', async () => {
      closed.push('last');
    });
    await Promise.all([closers.close(), closers.close()]);
    expect(closed).toEqual(['last', 'first']);
  });
});
