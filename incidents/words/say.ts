import type { Evidence, IncidentKind, Words } from '../../core/index.ts';
import { en } from './en.ts';
import { LEADS } from './leads.ts';
import type { Phrases, Reason } from './reasons.ts';
import { zh } from './zh.ts';

function phrase(language: Phrases, { key, data }: Reason): string {
  return (language.reasons[key] as (data: Reason['data']) => string)(data);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One reason as a sentence of its own. */
export function sayReason(reason: Reason): Words {
  return { zh: `${phrase(zh, reason)}。`, en: `${capital(phrase(en, reason))}.` };
}

/** What is believed and why, in a sentence. */
export function sayWhy(
  kind: IncidentKind,
  sure: boolean,
  people: number | undefined,
  reasons: readonly Reason[],
): Words {
  const lead = LEADS[kind](sure, people);
  return {
    zh: zh.join(
      lead.zh,
      reasons.map((r) => phrase(zh, r)),
    ),
    en: en.join(
      lead.en,
      reasons.map((r) => phrase(en, r)),
    ),
  };
}

export function evidenceOf(reason: Reason, at: number): Evidence {
  return { at, source: reason.source, words: sayReason(reason), data: { fact: reason.key, ...reason.data } };
}
