import { describe, expect, it } from 'vitest';
import type { CameraView, EventView } from '../../api/index.ts';
import type { IncidentChange } from '../../core/index.ts';
import { alarmLine, cameraLines, eventLine } from './account.ts';
import { LiveBlock } from './live-block.ts';

const camera = (over: Partial<CameraView>): CameraView => ({
  id: 'a',
  liftId: 'a',
  name: 'ebike-in',
  health: {
    state: 'online',
    since: 0,
    lastPictureAt: 9800,
    reconnects: 0,
    fpsExpected: 15,
    fpsGot: 15,
    error: null,
  },
  occupancy: 1,
  active: [],
  scene: null,
  ...over,
});
const plain = { language: 'en', colour: false } as const;

describe('cameraLines', () => {
  it('line up, also in Chinese', () => {
    const cameras = [
      camera({
        active: [{ kind: 'ebike', startedAt: 2000, confidence: 1, evidence: { stage: 'confirmed' } }],
      }),
      camera({
        name: 'x',
        occupancy: null,
        health: { ...camera({}).health, state: 'offline', lastPictureAt: null },
      }),
    ];
    expect(cameraLines(cameras, 10_000, plain)).toEqual([
      '●  ebike-in  online   0.2 s  1 inside  e-bike in the car 8 s',
      '●  x         offline  –      unknown',
    ]);
    expect(cameraLines(cameras, 10_000, { language: 'zh', colour: false })).toEqual([
      '●  ebike-in  在线  0.2 秒  1 人      电动车入梯 8 秒',
      '●  x         离线  –       人数未知',
    ]);
  });
});

describe('alarmLine', () => {
  const at = new Date(2026, 0, 1, 13, 5, 9).getTime();
  const words = (text: string) => ({ en: text, zh: `${text}。` });
  const change = (kind: IncidentChange['change']): IncidentChange =>
    ({
      change: kind,
      at,
      incident: {
        liftId: 'a-1',
        severity: 'critical',
        why: words('2 people are believed to be trapped'),
        evidence: [{ words: words('The car runs') }],
      },
    }) as unknown as IncidentChange;

  it('says why an alarm is raised and why it is over, in the language of the terminal', () => {
    expect(alarmLine(change('confirmed'), plain)).toBe(
      '13:05:09  a-1  alarm received · confirmed  2 people are believed to be trapped',
    );
    expect(alarmLine(change('relieved'), { language: 'zh', colour: false })).toBe(
      '13:05:09  a-1  收到报警 · 已解除  The car runs。',
    );
  });
});

describe('eventLine', () => {
  const event = (over: Partial<EventView>): EventView => ({
    id: 1,
    cameraId: 'a',
    ts: new Date(2026, 0, 1, 13, 5, 9).getTime(),
    kind: 'fall',
    phase: 'started',
    startedAt: 0,
    confidence: 1,
    evidence: {},
    ...over,
  });

  it.each([
    [{}, '13:05:09  x  person fallen began'],
    [{ phase: 'ended' as const }, '13:05:09  x  person fallen ended'],
    [{ kind: 'occupancy' as const, evidence: { previous: 0, count: 2 } }, '13:05:09  x  people 0 → 2'],
    [{ kind: 'ebike' as const, evidence: { stage: 'warning' } }, '13:05:09  x  perhaps an e-bike began'],
    [
      { kind: 'ebike' as const, phase: 'ended' as const, evidence: { stage: 'withdrawn' } },
      '13:05:09  x  perhaps an e-bike, withdrawn',
    ],
    [{ phase: 'updated' as const }, undefined],
  ])('%o', (over, line) => {
    expect(eventLine(event(over), 'x', plain)).toBe(line);
  });
});

/** A terminal as far as the block uses one: enough to see what stands there in the end. */
class Screen {
  readonly columns = 20;
  readonly rows = 6;
  lines: string[] = [''];

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal reads
    for (const part of text.match(/\u001b\[\d*[A-Za-z]|\r|\n|[^\u001b\r\n]+/g) ?? []) {
      const up = /\[(\d+)A$/.exec(part);
      if (up) this.lines = [...this.lines.slice(0, this.lines.length - 1 - Number(up[1])), ''];
      else if (part === '\n') this.lines.push('');
      else if (part[0] !== '\r' && part[0] !== '\u001b') this.lines[this.lines.length - 1] += part;
    }
  }
}

describe('LiveBlock', () => {
  it('writes over itself below the lines that stay', () => {
    const screen = new Screen();
    const block = new LiveBlock(screen);
    block.show(['one', 'two']);
    block.print('event 1');
    block.show(['three', 'four']);
    block.print('event 2');
    expect(screen.lines).toEqual(['event 1', 'event 2', 'three', 'four', '']);
  });

  it('cuts what does not fit, by the places it takes', () => {
    const screen = new Screen();
    new LiveBlock(screen).show(['一二三四五六七八九十', '2', '3', '4', '5', '6']);
    expect(screen.lines).toEqual(['一二三四五六七八九…', '2', '3', '… +3', '']);
  });
});
