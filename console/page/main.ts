import './styles.css';
import { calleeOf, createCallPanel } from './call-panel.ts';
import { byId, setText } from './dom.ts';
import { createEventList } from './event-list.ts';
import { createI18n, type I18n } from './i18n.ts';
import { createIncidents } from './incidents.ts';
import { createLargeView } from './large-view.ts';
import { createPageWords } from './page-words.ts';
import { createReasonDialog } from './reason-dialog.ts';
import { createRecordings } from './recordings.ts';
import { followSession } from './session.ts';
import { Store } from './store.ts';
import { createWall } from './wall.ts';

const i18n = createI18n();
const store = new Store();
const askReason = createReasonDialog(i18n);
const enlarge = createLargeView(store, i18n, askReason);
createWall(store, i18n, enlarge);
createEventList(store, i18n, enlarge);
const call = createCallPanel(i18n);
createIncidents(store, i18n, (incident, liftName) => call(calleeOf(incident, liftName)));
createRecordings(store, i18n, askReason);
createHead(store, i18n);
followSession(store, i18n);
store.connect();

function createHead(from: Store, { text, time }: I18n): void {
  const words = createPageWords(i18n);
  const render = (): void => {
    words.render();
    document.title = text('brand');
    tick();
  };
  const tick = (): void => {
    setText(byId('clock'), time(from.now()));
    const line = byId('line');
    line.dataset.line = from.line;
    setText(line, from.line === 'live' ? text('lineLive') : '');
  };
  i18n.onChange(render);
  from.listen({ line: tick });
  window.setInterval(tick, 1000);
  render();
}
