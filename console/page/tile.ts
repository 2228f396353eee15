import type { ActiveView, CameraView, SceneView } from '../../api/index.ts';
import { el, setText } from './dom.ts';
import type { I18n } from './i18n.ts';
import { severityOf, titleOf } from './severity.ts';
import { Stage } from './stage.ts';

/** A picture this young is as new as a live one gets. */
const FRESH_MS = 2000;
const LOUD = { alarm: 2, warning: 1, quiet: 0 } as const;

/** One camera: its picture, what goes on in it, who is inside, and how the camera itself is. */
export class CameraCard {
  readonly element: HTMLElement;
  readonly #stage: Stage;
  readonly #name = el('h3', { class: 'card-name' });
  readonly #people = el('p', { class: 'card-people' });
  readonly #chip = el('p', { class: 'chip' });
  readonly #age = el('p', { class: 'card-age' });
  readonly #badges = el('ul', { class: 'badges' });
  readonly #i18n: I18n;
  readonly #now: () => number;
  #camera: CameraView;

  constructor(
    camera: CameraView,
    i18n: I18n,
    now: () => number,
    askReason?: () => Promise<string | undefined>,
  ) {
    this.#camera = camera;
    this.#i18n = i18n;
    this.#now = now;
    this.#stage = new Stage(camera, i18n, now, askReason);
    this.element = el(
      'article',
      { class: 'card', 'data-camera': camera.id },
      el('div', { class: 'picture' }, this.#stage.element, this.#badges),
      el(
        'div',
        { class: 'card-foot' },
        el('div', { class: 'card-row' }, this.#name, this.#people),
        el('div', { class: 'card-row' }, this.#chip, this.#age),
      ),
    );
    this.render();
  }

  get camera(): CameraView {
    return this.#camera;
  }

  watch(on: boolean): void {
    this.#stage.watch(on);
  }

  /** An incident is open on its lift, or none is any more. */
  incident(open: boolean): void {
    this.#stage.incident(open);
  }

  update(camera: CameraView): void {
    this.#camera = camera;
    this.#stage.update(camera);
    this.render();
  }

  show(camera: CameraView, scene: SceneView): void {
    this.#camera = camera;
    this.#stage.show(scene);
  }

  /** Also once a second, for the ages. */
  render(): void {
    const { name, health, occupancy, active } = this.#camera;
    const { text } = this.#i18n;
    const known = occupancy !== null && health.state !== 'offline' && health.state !== 'connecting';
    setText(this.#name, name);
    setText(this.#people, known ? text('people', { n: occupancy }) : text('peopleUnknown'));
    this.#people.dataset.count = known ? String(Math.min(occupancy, 9)) : 'unknown';
    setText(this.#chip, text(`state.${health.state}`));
    this.#chip.dataset.state = health.state;
    const age = health.lastPictureAt === null ? undefined : Math.max(0, this.#now() - health.lastPictureAt);
    setText(this.#age, this.#ageText(age));
    this.#renderBadges(active.filter((a) => severityOf(a) !== 'quiet'));
    this.#stage.render();
  }

  #ageText(age: number | undefined): string {
    const { text, duration } = this.#i18n;
    if (age === undefined) return text('noPictureYet');
    return age < FRESH_MS ? text('pictureNow') : text('pictureAge', { age: duration(age) });
  }

  #renderBadges(active: readonly ActiveView[]): void {
    const loudest = Math.max(0, ...active.map((a) => LOUD[severityOf(a)]));
    this.element.dataset.severity = ['quiet', 'warning', 'alarm'][loudest];
    const items = active.map((a) => {
      const since = this.#i18n.duration(this.#now() - a.startedAt);
      return el(
        'li',
        { class: 'badge', 'data-severity': severityOf(a), 'data-kind': a.kind },
        this.#i18n.text(titleOf(a)),
        el('span', {}, since),
      );
    });
    // Rebuilt each second: cheap, but only where something is shown or was.
    if (items.length > 0 || this.#badges.childElementCount > 0) this.#badges.replaceChildren(...items);
  }
}
