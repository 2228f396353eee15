import { byId, el, setText } from './dom.ts';
import type { I18n } from './i18n.ts';

/** What somebody wants to see: a cabin live, or a recorded call. */
export type Sought = 'live' | 'recording';

/**
 * Asks why somebody wants to look into a cabin. Enter takes the answer, Escape declines.
 * @returns undefined for who declines, and for who is asked about another cabin instead
 */
export function createReasonDialog(
  i18n: I18n,
): (cabin: string, sought: Sought) => Promise<string | undefined> {
  const dialog = byId<HTMLDialogElement>('reason');
  const title = el('h2', { id: 'reason-title' });
  const purpose = el('p', { id: 'reason-purpose' });
  const label = el('span');
  const input = el('input', {
    id: 'reason-text',
    required: true,
    autofocus: true,
    minlength: '3',
    maxlength: '500',
    autocomplete: 'off',
  });
  const go = el('button', { class: 'button reason-go', type: 'submit' });
  const cancel = el('button', { class: 'button', type: 'button', onclick: () => dialog.close() });
  const form = el(
    'form',
    { class: 'reason-form', method: 'dialog' },
    title,
    purpose,
    el('label', {}, label, input),
    el('div', { class: 'reason-actions' }, cancel, go),
  );
  dialog.append(form);
  let name = '';
  let sought: Sought = 'live';
  let answer = (_reason: string | undefined): void => {};

  const render = (): void => {
    const { text } = i18n;
    setText(title, text('reasonTitle', { name }));
    setText(purpose, text(`reasonPurpose.${sought}`));
    setText(label, text('reasonLabel'));
    setText(go, text(`reasonGo.${sought}`));
    setText(cancel, text('reasonCancel'));
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // Blanks are no reason; the service counts what is left.
    const reason = input.value.trim();
    if (reason.length < 3) return;
    answer(reason);
    dialog.close();
  });
  dialog.addEventListener('close', () => answer(undefined));
  i18n.onChange(render);
  render();

  return (cabin, wanted) => {
    answer(undefined);
    name = cabin;
    sought = wanted;
    input.value = '';
    render();
    if (!dialog.open) dialog.showModal();
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
}
