import { redactUrls } from '../../core/index.ts';

export type Redactor = (text: string) => string;

export const noSecrets: Redactor = redactUrls;

/** Shorter ones would blot out half of every message; within an address they are hidden all the same. */
const SHORTEST = 3;

/** Hides the given strings, as they are and as they look in an address, and the credentials of any address. */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const hidden = new Set<string>();
  for (const secret of secrets) {
    if (!secret || secret.length < SHORTEST) continue;
    hidden.add(secret);
    hidden.add(encodeURIComponent(secret));
  }
  // The longest first, else a secret that holds another one would be left in part.
  const ordered = [...hidden].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of ordered) clean = clean.replaceAll(secret, '***');
    return redactUrls(clean);
  };
}
