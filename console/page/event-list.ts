import type { CameraView } from '../../api/index.ts';
import { byId, el } from './dom.ts';
import type { I18n } from './i18n.ts';
import { severityOf, titleOf } from './severity.ts';
import type { Episode, Store } from './store.ts';

const MAX_SHOWN = 200;

/** What has happened, newest first; a row follows its episode until that ends. */
export function createEventList(store: Store, i18n: I18n, enlarge: (camera: CameraView) => void): void {
  const list = byId('events');
  const empty = byId('events-empty');
  const rows = new Map<string, { row: HTMLElement; episode: Episode }>();
  let filter: 'alerts' | 'all' = 'alerts';

  const shown = (episode: Episode): boolean => filter === 'all' || severityOf(episode) !== 'quiet';
  const put = (episode: Episode): void => {
    if (!shown(episode)) return;
    const row = makeRow(episode, store, i18n, enlarge);
    const known = rows.get(episode.key);
    if (known) known.row.replaceWith(row);
    else list.prepend(row);
    rows.set(episode.key, { row, episode });
    const oldest = rows.entries().next().value;
    if (rows.size > MAX_SHOWN && oldest) {
      oldest[1].row.remove();
      rows.delete(oldest[0]);
    }
    empty.hidden = true;
  };
  const rebuild = (): void => {
    rows.clear();
    list.replaceChildren();
    empty.hidden = false;
    for (const episode of store.episodes.values()) put(episode);
  };
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-filter]')];
  for (const button of buttons) {
    button.addEventListener('click', () => {
      filter = button.dataset.filter as typeof filter;
      for (const b of buttons) b.setAttribute('aria-pressed', String(b === button));
      rebuild();
    });
  }
  store.listen({ episode: put, episodes: rebuild });
  i18n.onChange(rebuild);
}

function makeRow(
  episode: Episode,
  store: Store,
  i18n: I18n,
  enlarge: (camera: CameraView) => void,
): HTMLElement {
  const camera = store.cameras.get(episode.cameraId);
  const time = el('time', { datetime: new Date(episode.knownAt).toISOString() }, i18n.time(episode.knownAt));
  time.title = i18n.dateTime(episode.knownAt);
  const open = el(
    'button',
    {
      type: 'button',
      class: 'event-open',
      onclick: () => camera && enlarge(store.cameras.get(camera.id) ?? camera),
    },
    time,
    el('span', { class: 'event-what' }, whatText(episode, i18n)),
    el('span', { class: 'event-where' }, camera?.name ?? episode.cameraId),
    el('span', { class: 'event-how' }, howText(episode, i18n)),
  );
  const state = episode.endedAt === undefined ? 'open' : 'over';
  return el(
    'li',
    { class: 'event', 'data-severity': severityOf(episode), 'data-kind': episode.kind, 'data-state': state },
    open,
  );
}

function whatText(episode: Episode, i18n: I18n): string {
  if (episode.kind !== 'occupancy') return i18n.text(titleOf(episode));
  const { previous = '?', count = '?' } = episode.evidence;
  return i18n.text('peopleChange', { from: String(previous), to: String(count) });
}

function howText(episode: Episode, i18n: I18n): string {
  if (episode.kind === 'occupancy') return '';
  if (episode.endedAt === undefined) return i18n.text('ongoing');
  if (episode.evidence.stage === 'withdrawn') return i18n.text('withdrawn');
  return i18n.text('lasted', { duration: i18n.duration(episode.endedAt - episode.startedAt) });
}
