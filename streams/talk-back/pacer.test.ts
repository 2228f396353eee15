import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKET_MS, Pacer, type Packet } from './pacer.ts';

/** Counted, so that what comes out tells where it was. */
function* speech(): Generator<Int16Array> {
  for (let n = 1; ; n += 80) yield Int16Array.from({ length: 80 }, (_, k) => n + k);
}

describe('Pacer', () => {
  it('sends a packet every 20 ms without drift, whenever it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 20, maxLength: 80 }), (steps) => {
        const pacer = new Pacer(8000);
        const sent: Packet[] = [];
        let now = 12_345;
        const from = now;
        sent.push(...pacer.due(now));
        for (const step of steps) {
          now += step;
          sent.push(...pacer.due(now));
        }
        expect(sent).toHaveLength(Math.floor((now - from) / PACKET_MS) + 1);
        expect(sent.map(({ timestamp }) => timestamp)).toEqual(sent.map((_, n) => n * 160));
        expect(sent.map(({ marker }) => marker)).toEqual(sent.map((_, n) => n === 0));
      }),
      { seed: 71 },
    );
  });

  it('loses nothing of speech that comes in time, and holds it back by 40 ms at most', () => {
    const pacer = new Pacer(8000);
    const words = speech();
    const heard: number[] = [];
    for (let now = 0; now < 2000; now += 10) {
      pacer.push(words.next().value);
      for (const { samples } of pacer.due(now)) heard.push(...samples.filter((one) => one !== 0));
    }
    expect(heard).toEqual(heard.map((_, n) => n + 1));
    expect(heard.length).toBeGreaterThan(8 * (2000 - 60));
  });

  it('sends silence while there is no speech, and is soon up to date when too much has come', () => {
    const pacer = new Pacer(8000);
    const words = speech();
    expect(pacer.due(0)[0]?.samples.every((one) => one === 0)).toBe(true);
    for (let n = 0; n < 100; n += 1) pacer.push(words.next().value);
    const [first] = pacer.due(20);
    // A second was spoken; no more than 200 ms of it are held back.
    expect(first?.samples[0]).toBeGreaterThan(8000 - 1600);
    const rest = Array.from({ length: 20 }, (_, n) => pacer.due(40 + n * 20)[0]!.samples);
    expect(rest.at(-1)?.every((one) => one === 0)).toBe(true);
  });

  it('does not send at once what it slept through', () => {
    const pacer = new Pacer(8000);
    pacer.due(0);
    const [first, ...rest] = pacer.due(5000);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ timestamp: 250 * 160, marker: true });
    expect(pacer.nextAt).toBe(5020);
  });
});
