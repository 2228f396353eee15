import type { AlarmMessage, IncidentKind } from '../../core/index.ts';
import type { DemoClip } from './clip-truth.ts';

/** An alarm as it arrived, in seconds from the clip's start. */
export interface Alarm {
  readonly message: AlarmMessage;
  readonly at: number;
}

/** One thing that was to be told of, or was told though it was not so. */
export interface Finding {
  readonly expected: IncidentKind | 'nothing';
  readonly got: string;
  /** From the fault to the alarm in the receiver's hands, s; undefined when none came. */
  readonly seconds: number | undefined;
  readonly agrees: boolean;
}

interface Expectation {
  readonly kind: IncidentKind;
  /** Longest from the beginning to the alarm, s. */
  readonly within: number;
}

/**
 * What each truth of a clip should lead to. Entrapment has 30 s to be confirmed and 2 s to be told (a floor's 90 s are longer
 * than any clip); an e-bike 2.4 s and the time until it can be seen; the rest what their behaviours may take, and 5 s.
 */
const EXPECTED: Readonly<Record<string, Expectation>> = Object.freeze({
  entrapment: { kind: 'entrapment', within: 32 },
  ebike: { kind: 'ebike-entry', within: 10 },
  fall: { kind: 'fall', within: 10 },
  crowding: { kind: 'crowding', within: 15 },
  'door-blocked': { kind: 'door-blocked', within: 125 },
  'camera-blocked': { kind: 'camera-blocked', within: 15 },
  'camera-frozen': { kind: 'camera-offline', within: 20 },
});

/** What may rightly be told besides while something is true. */
const EXCUSED: Readonly<Record<string, readonly IncidentKind[]>> = Object.freeze({
  'motionless-person': ['motionless-person'],
  fall: ['motionless-person'],
  'lights-out': ['camera-blocked'],
  'camera-blocked': ['camera-offline'],
  'door-blocked': ['long-door-open'],
  entrapment: ['door-cycling'],
});

/** An alarm may come this long before the exact start, s: somebody who falls touches the floor before they lie. */
const EARLY = 1;

/** Holds the alarms that came of a clip against what is true of it. */
export function compareWithTruth(clip: Pick<DemoClip, 'events'>, alarms: readonly Alarm[]): Finding[] {
  const incidents = groupByIncident(alarms);
  const used = new Set<string>();
  const found = clip.events.flatMap(({ kind, start, end }): Finding[] => {
    const wanted = EXPECTED[kind];
    if (!wanted) return [];
    const fits = incidents.find(
      ({ id, kind: told, decided }) =>
        told === wanted.kind &&
        !used.has(id) &&
        decided !== undefined &&
        decided >= start - EARLY &&
        decided <= Math.max(end, start + wanted.within),
    );
    if (!fits?.decided) return [{ expected: wanted.kind, got: 'nothing', seconds: undefined, agrees: false }];
    used.add(fits.id);
    const seconds = fits.decided - start;
    return [{ expected: wanted.kind, got: fits.text, seconds, agrees: seconds <= wanted.within }];
  });
  const extra = incidents.filter(({ id, kind, first }) => !used.has(id) && !excused(clip, kind, first));
  const wrong = extra.map(
    ({ text, first }): Finding => ({
      expected: 'nothing',
      got: `${text} at ${first.toFixed(1)} s`,
      seconds: undefined,
      agrees: false,
    }),
  );
  if (found.length + wrong.length > 0) return [...found, ...wrong];
  return [{ expected: 'nothing', got: 'nothing', seconds: undefined, agrees: true }];
}

interface Told {
  readonly id: string;
  readonly kind: IncidentKind;
  /** When it was first told of, and when as certain, s. */
  readonly first: number;
  readonly decided: number | undefined;
  readonly text: string;
}

function groupByIncident(alarms: readonly Alarm[]): Told[] {
  return [...new Set(alarms.map(({ message }) => message.subject))].map((id) => {
    const of = alarms.filter(({ message }) => message.subject === id);
    const [first] = of as [Alarm];
    const certain = of.find(({ message }) => message.data.incident.confirmedAt !== undefined);
    const { kind, people } = (certain ?? first).message.data.incident;
    const who = people === undefined ? '' : `, ${people} inside`;
    const text = `${kind} ${certain ? 'confirmed' : 'suspected'}${who}`;
    return { id, kind, first: first.at, decided: certain?.at, text };
  });
}

function excused({ events }: Pick<DemoClip, 'events'>, kind: IncidentKind, at: number): boolean {
  return events.some(
    (e) => at >= e.start - EARLY && (EXCUSED[e.kind]?.includes(kind) || EXPECTED[e.kind]?.kind === kind),
  );
}
