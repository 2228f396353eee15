import type { Incident, IncidentChange, IncidentHello } from '../../api/index.ts';
import { byId, el, setText } from './dom.ts';
import type { I18n } from './i18n.ts';
import type { Store } from './store.ts';

/** Open incidents, the most urgent first, in words, each with a button that calls the cabin. */
export function createIncidents(
  store: Store,
  i18n: I18n,
  call: (incident: Incident, liftName: string) => void,
): void {
  const list = byId('incidents');
  const open = new Map<string, Incident>();
  const nameOf = (liftId: string): string => store.nameOf(liftId);

  const card = (incident: Incident): HTMLElement => {
    const { text, language, duration } = i18n;
    const { id, kind, phase, severity, startedAt, why, liftId } = incident;
    const since = text('lasted', { duration: duration(store.now() - startedAt) });
    return el(
      'li',
      { class: 'incident', 'data-incident': id, 'data-severity': severity },
      el('p', { class: 'incident-title' }, `${nameOf(liftId)} · ${text(`incident.${kind}`)}`),
      el('p', { class: 'incident-phase' }, `${text(`phase.${phase}`)} · ${since}`),
      el('p', { class: 'incident-why' }, why[language]),
      el(
        'button',
        { class: 'button call', type: 'button', onclick: () => call(incident, nameOf(liftId)) },
        text('call'),
      ),
    );
  };
  let shown = '';
  const render = (): void => {
    setText(byId('incidents-title'), i18n.text('incidents'));
    const sorted = [...open.values()].sort((a, b) => rank(a) - rank(b) || a.startedAt - b.startedAt);
    // A button that is built anew under the finger loses the click.
    const now = JSON.stringify([i18n.language, sorted.map(({ id, version }) => [id, version]), names()]);
    if (now === shown) return;
    shown = now;
    byId('incidents-box').hidden = sorted.length === 0;
    list.replaceChildren(...sorted.map(card));
  };
  const names = (): string[] => [...open.values()].map(({ liftId }) => nameOf(liftId));
  const take = (incident: Incident): void => {
    const before = open.get(incident.id);
    if (before && before.version >= incident.version) return;
    if (incident.phase === 'closed') open.delete(incident.id);
    else open.set(incident.id, incident);
  };

  let lifts = new Set<string>();
  const tellLifts = (): void => {
    const before = lifts;
    lifts = new Set([...open.values()].map(({ liftId }) => liftId));
    for (const liftId of lifts) if (!before.has(liftId)) store.tellIncident(liftId, true);
    for (const liftId of before) if (!lifts.has(liftId)) store.tellIncident(liftId, false);
  };

  // The browser comes back by itself, and goes on after the last change that it has got.
  const source = new EventSource('api/incidents/stream');
  source.addEventListener('hello', ({ data }) => {
    open.clear();
    for (const incident of (JSON.parse(data) as IncidentHello).open) take(incident);
    tellLifts();
    render();
  });
  source.addEventListener('incident', ({ data }) => {
    take((JSON.parse(data) as IncidentChange).incident);
    tellLifts();
    render();
  });
  store.listen({ cameras: render });
  i18n.onChange(render);
}

const URGENCY = ['critical', 'serious', 'warning', 'notice'];
const rank = ({ severity }: Incident): number => URGENCY.indexOf(severity);
