/** Assembled, so that this file does not name what it forbids. */
const SHARED = ['\\.\\.', 'shared'].join('/');
const WORKPLACE = `(^|[\\s"'\`(=:,])/${'work'}(/|\\b)`;
const FORBIDDEN = new RegExp(`${SHARED}|${WORKPLACE}`);

/** The one file that may say where the machine that runs the checks keeps its footage. */
const ALLOWED = '.ci/run';

/** Lines that name folders which exist only where the project was written, as `file:line`. */
export function pathsOfThisMachine(file: string, text: string): string[] {
  if (file === ALLOWED) return [];
  return text.split('\n').flatMap((line, index) => (FORBIDDEN.test(line) ? [`${file}:${index + 1}`] : []));
}
