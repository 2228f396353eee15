import { expect, it } from 'vitest';
import { pieces } from './pieces.ts';

async function* chunks(...sizes: number[]): AsyncGenerator<Uint8Array> {
  let next = 0;
  for (const size of sizes) yield Uint8Array.from({ length: size }, () => next++);
}

it('gives whole pieces in order however the stream is cut, and drops the rest', async () => {
  const got: number[][] = [];
  for await (const piece of pieces(chunks(1, 5, 0, 2, 3), 3)) got.push([...piece]);
  expect(got).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ]);
});
