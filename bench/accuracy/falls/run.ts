import path from 'node:path';
import { EARLY, judgeClip, LATE } from './evaluate.ts';
import { readFallClips } from './gmdcsa24.ts';

async function main(): Promise<void> {
  const data = process.env.CABINWATCH_DATA;
  if (!data) throw new Error('Set CABINWATCH_DATA to the folder with falls-gmdcsa24.');
  const fps = Number(process.argv[2] ?? 10);
  const clips = await readFallClips(path.join(data, 'falls-gmdcsa24'));
  const right = { fall: 0, adl: 0 };
  const all = { fall: 0, adl: 0 };
  console.log(`| clip | falls from, s | reported, s | right |\n|---|---|---|---|`);
  for (const clip of clips) {
    const verdict = await judgeClip(clip, fps);
    all[clip.kind]++;
    if (verdict.right) right[clip.kind]++;
    const label = clip.fallStart?.toFixed(1) ?? '–';
    const reported = verdict.reported.map((t) => t.toFixed(1)).join(', ') || '–';
    console.log(`| ${clip.name} | ${label} | ${reported} | ${verdict.right ? 'yes' : 'NO'} |`);
  }
  console.log(
    `\nAt ${fps} pictures a second: falls reported between ${EARLY} s before and ${LATE} s after their labelled`,
  );
  console.log(
    `start: ${right.fall} of ${all.fall}; daily activities without a report: ${right.adl} of ${all.adl}.`,
  );
}

await main();
