import stringWidth from 'string-width';
import type { CameraView, EventView } from '../../api/index.ts';
import type { IncidentChange, Severity } from '../../core/index.ts';
import type { Language } from '../language.ts';
import { WORDS } from './words.ts';

const COLOURS = { green: 32, yellow: 33, red: 31, grey: 90 } as const;
type Colour = keyof typeof COLOURS;

export interface AccountStyle {
  readonly language: Language;
  readonly colour: boolean;
}

const ALARMS: ReadonlySet<string> = new Set(['ebike', 'fall', 'motionless-person']);

/** One line per camera: how it is, how old its picture is, who is inside, what goes on. */
export function cameraLines(cameras: readonly CameraView[], now: number, style: AccountStyle): string[] {
  const words = WORDS[style.language];
  const paint = painter(style);
  const rows = cameras.map((camera) => {
    const { state, lastPictureAt } = camera.health;
    const colour: Colour = state === 'online' ? 'green' : state === 'offline' ? 'red' : 'yellow';
    const age =
      lastPictureAt === null ? '–' : words.seconds(Math.max(0, Math.round((now - lastPictureAt) / 100) / 10));
    const people = camera.occupancy === null ? words.unknown : words.people(camera.occupancy);
    const doing = camera.active
      .filter((a) => a.kind !== 'occupancy')
      .map((a) => {
        const since = words.seconds(Math.max(0, Math.round((now - a.startedAt) / 1000)));
        return paint(`${nameOf(a, style.language)} ${since}`, ALARMS.has(a.kind) ? 'red' : 'yellow');
      });
    return [
      paint('●', colour),
      camera.name,
      paint(words.state[state], colour),
      age,
      people,
      doing.join('  '),
    ];
  });
  return table(rows);
}

/** One line for an event; undefined for one that says nothing new. */
export function eventLine(event: EventView, camera: string, style: AccountStyle): string | undefined {
  const words = WORDS[style.language];
  const paint = painter(style);
  const at = timeOf(event.ts, style);
  const { kind, phase, evidence } = event;
  if (kind === 'occupancy') {
    return `${at}  ${camera}  ${words.peopleChange(evidence.previous ?? '?', evidence.count ?? '?')}`;
  }
  if (phase === 'updated' && evidence.stage !== 'confirmed') return undefined;
  const colour: Colour = phase === 'ended' ? 'grey' : ALARMS.has(kind) ? 'red' : 'yellow';
  const suffix =
    phase === 'ended' ? (evidence.stage === 'withdrawn' ? '' : ` ${words.ended}`) : ` ${words.began}`;
  return `${at}  ${camera}  ${paint(`${nameOf(event, style.language)}${suffix}`, colour)}`;
}

const SEVERITY_COLOURS: Readonly<Record<Severity, Colour>> = Object.freeze({
  critical: 'red',
  serious: 'red',
  warning: 'yellow',
  notice: 'yellow',
});

/** One line for an alarm as its receiver has it: why it is raised, or why it is over. */
export function alarmLine({ change, at, incident }: IncidentChange, style: AccountStyle): string {
  const words = WORDS[style.language];
  const paint = painter(style);
  const isOver = change === 'relieved' || change === 'closed';
  const said = isOver ? incident.evidence.at(-1)?.words : incident.why;
  const colour = isOver ? 'grey' : SEVERITY_COLOURS[incident.severity];
  const what = paint(`${words.alarm} · ${words.change[change]}`, colour);
  return `${timeOf(at, style)}  ${incident.liftId}  ${what}  ${said?.[style.language] ?? ''}`.trimEnd();
}

const timeOf = (at: number, style: AccountStyle): string =>
  painter(style)(new Date(at).toLocaleTimeString('sv-SE'), 'grey');

function nameOf({ kind, evidence }: Pick<EventView, 'kind' | 'evidence'>, language: Language): string {
  const words = WORDS[language];
  if (kind === 'ebike' && evidence.stage === 'warning') return words.warning;
  if (kind === 'ebike' && evidence.stage === 'withdrawn') return words.withdrawn;
  return words.kind[kind];
}

/** Columns padded to their widest cell, as wide as it looks: Chinese takes two places. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, stringWidth(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - stringWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}

function painter({ colour }: AccountStyle): (text: string, as: Colour) => string {
  return (text, as) => (colour ? `\u001b[${COLOURS[as]}m${text}\u001b[39m` : text);
}
