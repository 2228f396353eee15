import type { CameraView } from '../../api/index.ts';
import { byId, el, setText } from './dom.ts';
import type { I18n } from './i18n.ts';
import type { Store } from './store.ts';
import { CameraCard } from './tile.ts';

/** One camera over the whole window, until Escape or its button closes it. */
export function createLargeView(
  store: Store,
  i18n: I18n,
  askReason: (cabin: string, sought: 'live') => Promise<string | undefined>,
): (camera: CameraView) => void {
  const dialog = byId<HTMLDialogElement>('large');
  let card: CameraCard | undefined;
  let fps: HTMLElement | undefined;
  let close: HTMLButtonElement | undefined;

  const render = (): void => {
    card?.render();
    if (!card || !fps || !close) return;
    const { fpsGot, fpsExpected, reconnects } = card.camera.health;
    const rate = i18n.text('fps', { got: fpsGot.toFixed(1), want: fpsExpected?.toFixed(1) ?? '–' });
    setText(fps, `${rate} · ${i18n.text('reconnects', { n: reconnects })}`);
    close.setAttribute('aria-label', i18n.text('close'));
  };
  dialog.addEventListener('close', () => {
    card?.watch(false);
    card = undefined;
    dialog.replaceChildren();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  store.listen({
    camera(camera) {
      if (camera.id === card?.camera.id) card.update(camera);
    },
    scene(cameraId, scene) {
      const camera = store.cameras.get(cameraId);
      if (camera && cameraId === card?.camera.id) card.show(camera, scene);
    },
    incident(liftId, open) {
      if (liftId === card?.camera.liftId) card.incident(open);
    },
  });
  i18n.onChange(render);
  window.setInterval(render, 1000);

  return (camera) => {
    card = new CameraCard(
      camera,
      i18n,
      () => store.now(),
      () => askReason(camera.name, 'live'),
    );
    card.element.querySelector('.card-name')?.setAttribute('id', 'large-name');
    fps = el('p', { class: 'card-fps' });
    close = el('button', { class: 'large-close', type: 'button', onclick: () => dialog.close() }, '✕');
    card.element.querySelector('.card-foot')?.append(fps);
    dialog.replaceChildren(card.element, close);
    dialog.style.setProperty('--aspect', String(camera.scene?.aspect ?? 16 / 9));
    dialog.showModal();
    card.watch(true);
    render();
  };
}
