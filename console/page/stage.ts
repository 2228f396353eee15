import type { CameraView, SceneView } from '../../api/index.ts';
import { el, setText } from './dom.ts';
import type { I18n } from './i18n.ts';
import { LivePlayer, type LivePlayerOptions, type LiveState } from './live-player.ts';
import { drawScene } from './overlay.ts';

/** A scene is drawn when the picture it belongs to is shown, but never later than this. */
const MAX_LAG_MS = 3000;
/** Boxes that nothing confirms any more are taken down. */
const SCENE_STAYS_MS = 2500;

/** One camera's picture with what was seen in it. */
export class Stage {
  readonly element: HTMLElement;
  readonly #player: LivePlayer;
  readonly #canvas = el('canvas', { 'aria-hidden': 'true' });
  readonly #message = el('p', { class: 'stage-message' });
  readonly #mark = el('span', { class: 'stage-mark' });
  readonly #i18n: I18n;
  readonly #now: () => number;
  #camera: CameraView;
  #live: LiveState = 'stopped';
  #clear: number | undefined;

  /** @param askReason why the viewer looks into the cabin; nobody is asked without it */
  constructor(camera: CameraView, i18n: I18n, now: () => number, askReason?: LivePlayerOptions['askReason']) {
    this.#camera = camera;
    this.#i18n = i18n;
    this.#now = now;
    const video = el('video', { muted: true, playsinline: true, disablepictureinpicture: true });
    video.muted = true;
    const image = el('img', { alt: '' });
    this.element = el('div', { class: 'stage' }, video, image, this.#canvas, this.#mark, this.#message);
    this.#player = new LivePlayer({
      cameraId: camera.id,
      video,
      image,
      onState: (state) => {
        this.#live = state;
        this.render();
      },
      askReason,
    });
    new ResizeObserver(() => drawScene(this.#canvas, undefined)).observe(this.#canvas);
    this.render();
  }

  watch(on: boolean): void {
    if (on) this.#player.start();
    else this.#player.stop();
  }

  incident(open: boolean): void {
    void this.#player.incident(open);
  }

  update(camera: CameraView): void {
    const back = this.#camera.health.state === 'offline' && camera.health.state !== 'offline';
    this.#camera = camera;
    if (back) this.#player.hurry();
    if (camera.health.state === 'offline') drawScene(this.#canvas, undefined);
    this.render();
  }

  show(scene: SceneView): void {
    const age = this.#now() - scene.ts;
    const wait = Math.min(MAX_LAG_MS, Math.max(0, this.#player.lagMs - age));
    window.setTimeout(() => {
      if (this.#camera.health.state === 'offline') return;
      drawScene(this.#canvas, scene);
      window.clearTimeout(this.#clear);
      this.#clear = window.setTimeout(() => drawScene(this.#canvas, undefined), SCENE_STAYS_MS);
    }, wait);
  }

  render(): void {
    const { state } = this.#camera.health;
    this.element.dataset.health = state;
    this.element.dataset.live = this.#live;
    const isStill = this.#live === 'snapshots' || this.#live === 'overview';
    setText(this.#mark, isStill ? this.#i18n.text(this.#live) : '');
    setText(this.#message, this.#messageText());
  }

  #messageText(): string {
    const { health } = this.#camera;
    const text = this.#i18n.text;
    if (health.state === 'offline') {
      return text(health.error ? `error.${health.error.code}` : 'noPicture');
    }
    if (health.state === 'connecting') return text('state.connecting');
    if (health.state === 'stale' || health.state === 'frozen' || health.state === 'blocked') {
      return text(`state.${health.state}`);
    }
    if (this.#live === 'withheld') return text('withheld');
    return this.#live === 'waiting' ? text('waitingForPicture') : '';
  }
}
