import './styles.css';
import './sign-in.css';
import { Call } from './call-panel.ts';
import { byId, setText } from './dom.ts';
import { createI18n } from './i18n.ts';

/**
 * The page of a link for somebody without an account: `#lift=ID&token=TOKEN`. It calls only when asked to, since a browser
 * gives a microphone to nobody who has not clicked.
 */

const i18n = createI18n();
const link = new URLSearchParams(location.hash.slice(1));
const [liftId, token] = [link.get('lift') ?? '', link.get('token') ?? ''];
const whole = liftId !== '' && token !== '';
const dialog = byId<HTMLDialogElement>('call');
const enter = byId<HTMLButtonElement>('enter');
const language = byId('language');
let call: Call | undefined;

enter.addEventListener('click', () => {
  call?.close();
  call = new Call({ liftId, liftName: liftId, token: async () => token }, i18n, () => dialog.close());
  dialog.replaceChildren(call.element);
  dialog.showModal();
});
dialog.addEventListener('close', () => {
  call?.close();
  call = undefined;
  dialog.replaceChildren();
});
language.addEventListener('click', () => i18n.set(i18n.language === 'zh' ? 'en' : 'zh'));
addEventListener('hashchange', () => location.reload());
i18n.onChange(render);
render();

function render(): void {
  document.documentElement.lang = i18n.language === 'zh' ? 'zh-CN' : 'en';
  document.title = `${i18n.text('call')} · ${i18n.text('brand')}`;
  for (const element of document.querySelectorAll<HTMLElement>('[data-i18n]')) {
    setText(element, i18n.text(element.dataset.i18n ?? ''));
  }
  setText(language, i18n.text('language'));
  language.lang = i18n.language === 'zh' ? 'en' : 'zh-CN';
  setText(byId('purpose'), whole ? i18n.text('guestPurpose', { name: liftId }) : '');
  byId('trouble').hidden = whole;
  enter.hidden = !whole;
  call?.render();
}
