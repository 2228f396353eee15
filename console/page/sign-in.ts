import './styles.css';
import './sign-in.css';
import { byId, setText } from './dom.ts';
import { createI18n } from './i18n.ts';
import { createPageWords } from './page-words.ts';

/** The sign-in page. With `#setup=TOKEN`, the token that a new site's log shows, it makes the first admin. */

type Trouble = { readonly key: string; readonly seconds?: number };

const i18n = createI18n();
const setupToken = new URLSearchParams(location.hash.slice(1)).get('setup');
const [name, login, password] = [input('name'), input('login'), input('password')];
const enter = byId<HTMLButtonElement>('enter');
const words = createPageWords(i18n);
let trouble: Trouble | undefined;

if (setupToken !== null) {
  byId('name-row').hidden = false;
  byId('hint').hidden = false;
  name.required = true;
  password.minLength = 12;
  name.focus();
}
password.autocomplete = setupToken === null ? 'current-password' : 'new-password';

byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
i18n.onChange(render);
render();

function input(id: string): HTMLInputElement {
  return byId<HTMLInputElement>(id);
}

async function send(): Promise<void> {
  enter.disabled = true;
  trouble = await attempt();
  enter.disabled = false;
  if (!trouble) location.replace('./');
  render();
  if (trouble?.key === 'signInFailed') password.select();
}

/** Undefined: signed in. */
async function attempt(): Promise<Trouble | undefined> {
  const given = { login: login.value.trim().toLowerCase(), password: password.value };
  const [path, body] =
    setupToken === null
      ? ['api/session', given]
      : ['api/setup', { ...given, name: name.value.trim(), token: setupToken }];
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(
    () => undefined,
  );
  if (answer?.ok) return undefined;
  if (answer?.status === 429) {
    return { key: 'signInTooSoon', seconds: Number(answer.headers.get('retry-after') ?? 1) };
  }
  if (!answer || answer.status >= 500) return { key: 'signInAway' };
  return { key: setupToken === null ? 'signInFailed' : 'setupFailed' };
}

function render(): void {
  words.render();
  document.title = `${i18n.text('signIn')} · ${i18n.text('brand')}`;
  setText(byId('purpose'), i18n.text(setupToken === null ? 'signInPurpose' : 'setupPurpose'));
  setText(enter, i18n.text(setupToken === null ? 'signIn' : 'setupEnter'));
  const line = byId('trouble');
  line.hidden = trouble === undefined;
  setText(line, trouble ? i18n.text(trouble.key, { n: trouble.seconds ?? 0 }) : '');
}
