import type { CameraView } from '../../api/index.ts';
import { byId, el, setText } from './dom.ts';
import { fitColumns } from './fit-columns.ts';
import type { I18n } from './i18n.ts';
import { severityOf } from './severity.ts';
import type { Store } from './store.ts';
import { CameraCard } from './tile.ts';

/** Space below the last row, px; as in styles.css. */
const BELOW = 20;

/** All cameras side by side. Only pictures on the screen are fetched, and none while the page is hidden. */
export function createWall(store: Store, i18n: I18n, enlarge: (camera: CameraView) => void): void {
  const list = byId('wall');
  const cards = new Map<string, { item: HTMLElement; open: HTMLButtonElement; card: CameraCard }>();
  const onScreen = new Set<string>();
  const watch = (id: string): void => cards.get(id)?.card.watch(onScreen.has(id) && !document.hidden);

  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const id = (entry.target as HTMLElement).dataset.id as string;
        if (entry.isIntersecting) onScreen.add(id);
        else onScreen.delete(id);
        watch(id);
      }
    },
    { rootMargin: '100px' },
  );
  document.addEventListener('visibilitychange', () => {
    for (const id of cards.keys()) watch(id);
  });

  const add = (camera: CameraView): void => {
    const card = new CameraCard(camera, i18n, () => store.now());
    const open = el('button', { class: 'card-open', type: 'button', onclick: () => enlarge(card.camera) });
    const item = el('li', { 'data-id': camera.id }, card.element, open);
    cards.set(camera.id, { item, open, card });
    list.append(item);
    observer.observe(item);
  };
  const remove = (id: string): void => {
    const gone = cards.get(id);
    if (!gone) return;
    observer.unobserve(gone.item);
    gone.card.watch(false);
    gone.item.remove();
    cards.delete(id);
    onScreen.delete(id);
  };
  let aspect = 0;
  /** Tiles are alike, in the shape that most cameras have: a wall of unlike ones is hard to scan. */
  const shape = (): void => {
    const counts = new Map<number, number>();
    for (const { scene } of store.cameras.values()) {
      if (scene && scene.aspect > 0) counts.set(scene.aspect, (counts.get(scene.aspect) ?? 0) + 1);
    }
    aspect = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
    if (aspect > 0) list.style.setProperty('--aspect', String(aspect));
    layOut();
  };
  const layOut = (): void => {
    const { top } = list.getBoundingClientRect();
    const room = window.innerHeight - (top + window.scrollY) - BELOW;
    const columns = fitColumns(cards.size, aspect || 16 / 9, list.clientWidth, room);
    list.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  };
  new ResizeObserver(layOut).observe(list);
  window.addEventListener('resize', layOut);
  const render = (): void => {
    for (const { card, open } of cards.values()) {
      card.render();
      open.setAttribute('aria-label', i18n.text('enlarge', { name: card.camera.name }));
    }
    renderTotals(store);
    renderNotice(store, i18n);
  };

  store.listen({
    cameras() {
      for (const id of cards.keys()) if (!store.cameras.has(id)) remove(id);
      for (const camera of store.cameras.values()) {
        const known = cards.get(camera.id);
        if (known) known.card.update(camera);
        else add(camera);
      }
      shape();
      render();
    },
    camera(camera) {
      cards.get(camera.id)?.card.update(camera);
      renderTotals(store);
    },
    scene(cameraId, scene) {
      const camera = store.cameras.get(cameraId);
      if (camera) cards.get(cameraId)?.card.show(camera, scene);
      if (scene.aspect !== aspect && scene.aspect > 0) shape();
    },
    incident(liftId, open) {
      for (const { card } of cards.values()) if (card.camera.liftId === liftId) card.incident(open);
    },
    line: render,
  });
  list.addEventListener('keydown', (event) => moveFocus(event, list));
  i18n.onChange(render);
  window.setInterval(render, 1000);
}

function renderTotals(store: Store): void {
  const cameras = [...store.cameras.values()];
  const online = cameras.filter((c) => !['offline', 'connecting'].includes(c.health.state));
  const people = online.reduce((sum, c) => sum + (c.occupancy ?? 0), 0);
  const alerts = cameras.flatMap((c) => c.active).filter((a) => severityOf(a) !== 'quiet').length;
  setText(byId('total-online'), `${online.length} / ${cameras.length}`);
  setText(byId('total-people'), String(people));
  setText(byId('total-alerts'), String(alerts));
  byId('total-alerts-box').dataset.some = String(alerts > 0);
}

/** What an operator must know before anything else on the page. */
function renderNotice(store: Store, i18n: I18n): void {
  const notice = byId('notice');
  const [kind, keys] = noticeOf(store);
  notice.hidden = keys.length === 0;
  notice.dataset.kind = kind;
  setText(notice, keys.map((key) => i18n.text(key)).join(' '));
}

function noticeOf({ line, cameras, failing }: Store): readonly [kind: string, keys: readonly string[]] {
  if (line === 'lost') return ['trouble', ['lineLost']];
  if (line === 'connecting') return ['', ['connecting']];
  if (failing.length > 0) return ['trouble', failing.map((part) => `failing.${part}`)];
  return ['', cameras.size === 0 ? ['noCameras'] : []];
}

/** Arrow keys go from tile to tile, as they lie on the screen. */
function moveFocus(event: KeyboardEvent, list: HTMLElement): void {
  const buttons = [...list.querySelectorAll<HTMLButtonElement>('.card-open')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const tops = buttons.map((b) => b.getBoundingClientRect().top);
  const columns = Math.max(1, tops.filter((t) => Math.abs(t - (tops[0] ?? 0)) < 4).length);
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
  };
  const step = steps[event.key];
  if (step === undefined || at < 0) return;
  event.preventDefault();
  buttons[at + step]?.focus();
}
