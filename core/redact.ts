/** Up to the last @: people forget to encode the @ and / of a password. */
const CREDENTIALS_IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^\s'"]*@/gi;

/** Hides user names and passwords of every URL in a text. */
export function redactUrls(text: string): string {
  return text.replace(CREDENTIALS_IN_URL, '$1***@');
}
