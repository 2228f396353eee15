import { pair, pairHere } from './service.ts';
import { WORDS } from './words.ts';

/**
 * Lets an engineer pair this screen: by a code that is typed, by a link that holds it (`#code=ABCD-2345`), or, where whoever
 * has this browser may do so anyway, by `#here`.
 */
export function startPairing(
  liftId: string,
  onPaired: (secret: string) => void,
): { show(): void; hide(): void } {
  const form = document.getElementById('pair') as HTMLFormElement;
  const code = document.getElementById('code') as HTMLInputElement;
  const error = document.getElementById('pair-error') as HTMLElement;
  const button = document.getElementById('pair-button') as HTMLElement;
  button.textContent = `${WORDS.pair.zh} ${WORDS.pair.en}`;
  let pairing = false;

  const attempt = async (how: () => Promise<string>): Promise<void> => {
    if (pairing) return;
    pairing = true;
    error.textContent = '';
    try {
      onPaired(await how());
    } catch (failure) {
      const words = (failure as Error).message === 'wrong' ? WORDS.wrongCode : WORDS.cannotPair;
      error.textContent = `${words.zh} ${words.en}`;
    } finally {
      pairing = false;
      code.value = '';
    }
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    void attempt(() => pair(liftId, code.value));
  };

  return {
    show() {
      form.hidden = false;
      const hash = new URLSearchParams(location.hash.slice(1));
      // Once: a code is good once, and whoever was revoked must not pair itself again.
      history.replaceState(null, '', location.pathname);
      const given = hash.get('code');
      if (given) void attempt(() => pair(liftId, given));
      else if (hash.has('here')) void attempt(() => pairHere(liftId));
    },
    hide() {
      form.hidden = true;
    },
  };
}
