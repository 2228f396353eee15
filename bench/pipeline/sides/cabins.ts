import { type MarkedClip, markedClip } from '../footage/marked-clip.ts';
import type { BenchOptions } from '../options.ts';

export interface Cabin {
  readonly id: string;
  readonly active: boolean;
  readonly clip: MarkedClip;
}

/** The cabins of one case, the active ones spread evenly among the others. */
export async function makeCabins(cameras: number, mix: number, options: BenchOptions): Promise<Cabin[]> {
  const clips = async (sources: readonly string[]): Promise<MarkedClip[]> => {
    const made: MarkedClip[] = [];
    for (const source of sources) made.push(await markedClip(source, options.clipSeconds));
    return made;
  };
  const moving = mix > 0 ? await clips(options.active) : [];
  const still = mix < 1 ? await clips(options.empty) : [];
  const count = Math.round(mix * cameras);
  return Array.from({ length: cameras }, (_, i) => {
    const before = Math.floor((i * count) / cameras);
    const active = Math.floor(((i + 1) * count) / cameras) > before;
    const from = active ? moving : still;
    const clip = from[(active ? before : i - before) % from.length] as MarkedClip;
    return { id: `cabin-${String(i + 1).padStart(2, '0')}`, active, clip };
  });
}
