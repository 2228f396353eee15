import type { Language } from '../language.ts';

export type Bilingual = Readonly<Record<Language, string>>;

/** `ok`: as it should be. `note`: works, but worth knowing. `change`: something must be changed. */
export type Level = 'ok' | 'note' | 'change';

export interface Finding {
  /** Stable, for scripts that read `--json`. */
  readonly id: string;
  readonly level: Level;
  readonly text: Bilingual;
  /** What to do about it; always there when something must be changed. */
  readonly remedy?: Bilingual;
  readonly facts?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
}

const MARKS: Readonly<Record<Level, string>> = Object.freeze({ ok: '✓', note: '·', change: '✗' });

/** One line a finding, and what to do about it under it. */
export function formatFindings(findings: readonly Finding[], language: Language): string {
  const lines = findings.flatMap((finding) => {
    const remedy = finding.remedy ? [`  → ${finding.remedy[language]}`] : [];
    return [`${MARKS[finding.level]} ${finding.text[language]}`, ...remedy];
  });
  return `${[...lines, '', verdict(findings)[language]].join('\n')}\n`;
}

function verdict(findings: readonly Finding[]): Bilingual {
  const count = findings.filter((finding) => finding.level === 'change').length;
  if (count === 0) return { en: 'All fine.', zh: '一切正常。' };
  const things = count === 1 ? 'One thing has' : `${count} things have`;
  return { en: `${things} to be changed (✗).`, zh: `有 ${count} 项需要处理（✗）。` };
}
