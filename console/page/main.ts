import './styles.css';
import { createCallPanel } from './call-panel.ts';
import { byId, setText } from './dom.ts';
import { createEventList } from './event-list.ts';
import { createI18n, type I18n } from './i18n.ts';
import { createIncidents } from './incidents.ts';
import { createLargeView } from './large-view.ts';
import { createReasonDialog } from './reason-dialog.ts';
import { followSession } from './session.ts';
import { Store } from './store.ts';
import { createWall } from './wall.ts';

const i18n = createI18n();
const store = new Store();
const enlarge = createLargeView(store, i18n, createReasonDialog(i18n));
createWall(store, i18n, enlarge);
createEventList(store, i18n, enlarge);
createIncidents(store, i18n, createCallPanel(i18n));
createHead(store, i18n);
followSession(store, i18n);
store.connect();

function createHead(from: Store, { text, time }: I18n): void {
  const language = byId('language');
  const render = (): void => {
    document.documentElement.lang = i18n.language === 'zh' ? 'zh-CN' : 'en';
    document.title = text('brand');
    for (const element of document.querySelectorAll<HTMLElement>('[data-i18n]')) {
      setText(element, text(element.dataset.i18n ?? ''));
    }
    setText(language, text('language'));
    language.lang = i18n.language === 'zh' ? 'en' : 'zh-CN';
    tick();
  };
  const tick = (): void => {
    setText(byId('clock'), time(from.now()));
    const line = byId('line');
    line.dataset.line = from.line;
    setText(line, from.line === 'live' ? text('lineLive') : '');
  };
  language.addEventListener('click', () => i18n.set(i18n.language === 'zh' ? 'en' : 'zh'));
  i18n.onChange(render);
  from.listen({ line: tick });
  window.setInterval(tick, 1000);
  render();
}
