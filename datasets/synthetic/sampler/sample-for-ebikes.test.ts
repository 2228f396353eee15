import { expect, test } from 'vitest';
import { EBIKE_KINDS } from '../scenario/schema.ts';
import { sampleForEbikes, sampleLookAlikes } from './sample-for-ebikes.ts';

const MANY = Array.from({ length: 40 }, (_, i) => sampleForEbikes(3, i));

test('half the cabins hold an e-bike, three in ten what may be taken for one', () => {
  const withEbike = MANY.filter(({ objects }) => objects.some(({ kind }) => EBIKE_KINDS.includes(kind)));
  const withOther = MANY.filter(({ objects }) => objects.length > 0).length - withEbike.length;
  expect([withEbike.length, withOther]).toEqual([20, 12]);
  expect(MANY.every(({ pictures }) => pictures.length === 0)).toBe(true);
});

test('each cabin is another, and the same again for the same seed', () => {
  expect(new Set(MANY.map(({ name }) => name)).size).toBe(MANY.length);
  expect(sampleForEbikes(3, 7)).toEqual(MANY[7]);
});

test('look-alikes: six in ten with a bicycle, three with a pram or a wheelchair, one with an e-bike', () => {
  const ten = Array.from({ length: 10 }, (_, i) => sampleLookAlikes(5, i).objects.map(({ kind }) => kind));
  const ebikes = ten.map((kinds) => kinds.some((kind) => EBIKE_KINDS.includes(kind)));
  expect(ebikes).toEqual([...Array(9).fill(false), true]);
  expect(ten.slice(0, 6).every((kinds) => kinds.includes('bicycle'))).toBe(true);
  expect(ten.slice(6, 9).every((kinds) => kinds.includes('pram') || kinds.includes('wheelchair'))).toBe(true);
});
