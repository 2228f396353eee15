import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../app/index.ts';
import { judgeClip } from '../../bench/accuracy/falls/evaluate.ts';
import { readFallClips } from '../../bench/accuracy/falls/gmdcsa24.ts';

const data = process.env.CABINWATCH_DATA;
if (!data) console.warn('CABINWATCH_DATA is not set: the accuracy tests on real footage are skipped.');

/** What the service gives a cabin with people in it; at 10 it is the same (bench/accuracy/findings.md). */
const FPS = 5;

describe.skipIf(!data)('on real footage', () => {
  it('reports at least 5 of 6 falls in time, and none in daily activities', {
    timeout: 300_000,
  }, async () => {
    const clips = await readFallClips(join(data!, 'falls-gmdcsa24'));
    const verdicts = [];
    for (const clip of clips) verdicts.push(await judgeClip(clip, FPS));
    const falls = verdicts.filter((v) => v.clip.kind === 'fall');
    const daily = verdicts.filter((v) => v.clip.kind === 'adl');
    expect(falls).toHaveLength(6);
    expect(falls.filter((v) => v.right).length).toBeGreaterThanOrEqual(5);
    expect(daily).toHaveLength(5);
    expect(daily.filter((v) => !v.right).map((v) => v.clip.name)).toEqual([]);
  });

  it('counts 0, 1, 0 as people pass one by one, and nothing shorter than a second', {
    timeout: 300_000,
  }, async () => {
    const path = join(data!, 'people-intel', 'one-by-one-person-detection.mp4');
    const changes: { t: number; count: number }[] = [];
    for await (const line of analyzeFile({ path, fps: 5, signal: new AbortController().signal })) {
      if (line.type === 'occupancy') changes.push(line);
    }
    expect(changes.map((c) => c.count)).toEqual(Array.from({ length: 12 }, (_, i) => (i + 1) % 2));
    const stays = changes.slice(1).map((c, i) => c.t - changes[i]!.t);
    expect(Math.min(...stays)).toBeGreaterThanOrEqual(1);
  });
});
