import { execFile } from 'node:child_process';
import { access, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Value } from 'typebox/value';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../core/index.ts';
import {
  buildCalming,
  CalmingOptions,
  type CalmingScript,
  loadCalmingMessages,
} from '../../../signaling/index.ts';
import { temporaryDataDir } from '../../fixtures/data-dir.ts';

const run = promisify(execFile);
/** Four messages that need nothing, and one of which each step of minutes is recorded. */
const MESSAGES = `
- { id: stay, when: [unsent, suspected, confirmed, seen, coming], zh: 请留在轿厢里。, en: Please stay inside. }
- { id: air, when: [unsent, suspected, confirmed, seen, coming], zh: 空气充足。, en: There is enough air. }
- { id: breathe, when: [unsent, suspected, confirmed, seen, coming], zh: 请慢慢呼吸。, en: Breathe slowly. }
- { id: rest, when: [unsent, suspected, confirmed, seen, coming], zh: 累了请坐下。, en: Sit down if you are tired. }
`;

async function build(folder: string, more: Partial<CalmingOptions> = {}): Promise<CalmingScript> {
  const messagesFile = join(folder, 'messages.yaml');
  await writeFile(messagesFile, MESSAGES);
  const options = { ...Value.Create(CalmingOptions), messagesFile, ...more };
  return buildCalming(options, { outDir: join(folder, 'out'), baseUrl: '/calming', logger: silentLogger });
}

/** Mean loudness, dB of full scale. */
async function loudness(file: string): Promise<number> {
  const { stderr } = await run('ffmpeg', [
    '-hide_banner',
    '-i',
    file,
    '-af',
    'volumedetect',
    '-f',
    'null',
    '-',
  ]);
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
}

afterEach(() => vi.unstubAllEnvs());

describe('the calming messages', () => {
  it('are spoken in each language, and not made again at the next start', async () => {
    const folder = temporaryDataDir();
    const { clips } = await build(folder);
    expect(Object.keys(clips)).toHaveLength(8);
    for (const key of ['stay.zh', 'stay.en']) {
      const file = join(folder, 'out', clips[key]?.replace('/calming/', '') ?? '');
      expect(await loudness(file)).toBeGreaterThan(-35);
      await utimes(file, 0, 0);
    }
    expect(await build(folder)).toMatchObject({ clips });
    const kept = join(folder, 'out', clips['stay.zh']?.replace('/calming/', '') ?? '');
    expect((await stat(kept)).mtimeMs).toBe(0);
  }, 60_000);

  it('are the owner’s recordings where there are any, under another name when they change', async () => {
    const folder = temporaryDataDir();
    const recordingsDir = join(folder, 'own');
    await mkdir(recordingsDir);
    await writeFile(join(recordingsDir, 'air.en.mp3'), 'a voice');
    vi.stubEnv('PATH', folder);
    const before = (await build(folder, { recordingsDir })).clips;
    expect(Object.keys(before)).toEqual(['air.en']);
    expect(before['air.en']).toMatch(/^\/calming\/air\.en\.[0-9a-f]{10}\.mp3$/);
    await access(join(folder, 'out', before['air.en']?.replace('/calming/', '') ?? ''));
    await writeFile(join(recordingsDir, 'air.en.mp3'), 'another voice');
    expect((await build(folder, { recordingsDir })).clips['air.en']).not.toBe(before['air.en']);
  });

  it('are only shown, and said to be so, where nothing on this machine can speak', async () => {
    const folder = temporaryDataDir();
    vi.stubEnv('PATH', folder);
    const warn = vi.fn();
    const options = Value.Create(CalmingOptions);
    const logger = { ...silentLogger, warn };
    const script = await buildCalming(options, { outDir: join(folder, 'out'), baseUrl: '/calming', logger });
    expect(script.clips).toEqual({});
    expect(script.messages.length).toBeGreaterThan(10);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[1]).toContain('install espeak-ng');
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });

  it.each([
    ['a phase that says too little', MESSAGES.replaceAll('unsent, ', ''), /unsent: expected at least 4/],
    ['an id twice', `${MESSAGES}${MESSAGES.trim().split('\n')[0]}\n`, /stay: the id is taken already/],
    [
      'a time no recording knows',
      MESSAGES.replace('空气充足。', '"{time} 空气充足。"'),
      /air: needs a `say`/,
    ],
    ['a misspelt key', MESSAGES.replace('{ id: air, when', '{ id: air, whn'), /\/1/],
    ['what is no YAML', '- {', /messages\.yaml/],
  ])('are refused with %s', async (_, text, message) => {
    const file = join(temporaryDataDir(), 'messages.yaml');
    await writeFile(file, text);
    await expect(loadCalmingMessages(file)).rejects.toThrow(message);
    await expect(loadCalmingMessages(file)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
