import type { MeView } from '../../api/index.ts';
import { byId, setText } from './dom.ts';
import type { I18n } from './i18n.ts';
import type { Store } from './store.ts';

/** How often it is asked whether the session still holds, while nothing comes from the service. */
const ASK_EVERY_MS = 3000;

/**
 * Shows who is signed in, and goes to the sign-in page when nobody is: at the start, and when the line breaks because the
 * session has ended. Where nobody has to sign in, it shows nothing.
 */
export function followSession(store: Store, i18n: I18n): void {
  const leave = byId<HTMLButtonElement>('sign-out');
  let me: MeView | undefined;
  let leaving = false;
  const goToSignIn = (): void => {
    // Once: a second order would begin the journey anew.
    if (!leaving) location.replace('sign-in.html');
    leaving = true;
  };
  const render = (): void => {
    leave.hidden = me?.entry !== 'session';
    setText(leave, i18n.text('signOut'));
    leave.title = me?.name ?? '';
  };
  const ask = async (): Promise<void> => {
    const answer = await fetch('api/session').catch(() => undefined);
    if (answer?.status === 401) goToSignIn();
    if (!answer?.ok) return;
    me = (await answer.json()) as MeView;
    render();
  };
  leave.addEventListener('click', async () => {
    await fetch('api/session', { method: 'DELETE' }).catch(() => undefined);
    goToSignIn();
  });
  store.listen({ line: () => void (store.line === 'lost' && ask()) });
  window.setInterval(() => void (store.line !== 'live' && ask()), ASK_EVERY_MS);
  i18n.onChange(render);
  void ask();
}
