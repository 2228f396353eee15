import './styles.css';
import './sign-in.css';
import { createCallPanel } from './call-panel.ts';
import { byId, setText } from './dom.ts';
import { createI18n } from './i18n.ts';
import { createPageWords } from './page-words.ts';

/**
 * The page of a link for somebody without an account: `#lift=ID&token=TOKEN`. It calls only when asked to, since a browser
 * gives a microphone to nobody who has not clicked.
 */

const i18n = createI18n();
const link = new URLSearchParams(location.hash.slice(1));
const [liftId, token] = [link.get('lift') ?? '', link.get('token') ?? ''];
const whole = liftId !== '' && token !== '';
const call = createCallPanel(i18n);
const enter = byId<HTMLButtonElement>('enter');
const words = createPageWords(i18n);

enter.addEventListener('click', () => call({ liftId, liftName: liftId, token: async () => token }));
addEventListener('hashchange', () => location.reload());
i18n.onChange(render);
render();

function render(): void {
  words.render();
  document.title = `${i18n.text('call')} · ${i18n.text('brand')}`;
  setText(byId('purpose'), whole ? i18n.text('guestPurpose', { name: liftId }) : '');
  byId('trouble').hidden = whole;
  enter.hidden = !whole;
}
