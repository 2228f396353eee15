import type { IncidentKind } from '../../core/index.ts';
import type { ReceivedAlarm } from '../../simulator/index.ts';
import { percentile } from '../pipeline/measure/statistics.ts';
import { type Fault, ROUND } from './faults.ts';
import type { ClipLift } from './lifts.ts';

/** What each truth of a clip leads to. */
const TOLD_AS: Readonly<Record<string, IncidentKind>> = Object.freeze({
  fall: 'fall',
  ebike: 'ebike-entry',
  entrapment: 'entrapment',
});
const RAISED: ReadonlySet<string> = new Set(['opened', 'reopened']);

/** From each fault to the alarm that came of it, ms; a fault of which none came is missing. */
export function ofControllers(faults: readonly Fault[], alarms: readonly ReceivedAlarm[]): number[] {
  const raised = alarms.filter(
    ({ message }) => message.data?.incident.kind === 'door-open-moving' && RAISED.has(message.data.change),
  );
  return faults.flatMap(({ who, at }) => {
    const told = raised.find(
      ({ message, receivedAt }) =>
        message.data.incident.liftId === who && receivedAt >= at && receivedAt < at + ROUND * 1000,
    );
    return told ? [told.receivedAt - at] : [];
  });
}

export function ofBareRelay(faults: readonly Fault[], alarms: readonly ReceivedAlarm[]): number[] {
  const arrived = new Map(alarms.map(({ message, receivedAt }) => [message.id, receivedAt]));
  return faults.flatMap(({ who, at }) => {
    const receivedAt = arrived.get(`bare/${who}`);
    return receivedAt === undefined ? [] : [receivedAt - at];
  });
}

export interface PictureFault {
  readonly kind: IncidentKind;
  /** From the fault in the picture to the alarm, ms; undefined: none came in that round of the clip. */
  readonly first: number | undefined;
  readonly confirmed: number | undefined;
}

/** Every fault in a clip that was played to its end between `from` and `until`, epoch ms. */
export function ofPictures(
  { name, events, duration }: ClipLift,
  startedAt: number,
  { from, until }: { readonly from: number; readonly until: number },
  alarms: readonly ReceivedAlarm[],
): PictureFault[] {
  const ms = duration * 1000;
  const rounds = Array.from({ length: Math.ceil((until - startedAt) / ms) }, (_, i) => startedAt + i * ms);
  return rounds
    .filter((begin) => begin >= from && begin + ms <= until)
    .flatMap((begin) =>
      events.flatMap(({ kind: truth, start }) => {
        const kind = TOLD_AS[truth];
        if (!kind) return [];
        const fault = begin + start * 1000;
        // Somebody who falls touches the floor before they lie.
        const of = alarms.filter(
          ({ message, receivedAt }) =>
            message.data?.incident.liftId === name &&
            message.data.incident.kind === kind &&
            receivedAt >= fault - 1000 &&
            receivedAt < begin + ms,
        );
        const first = of.find(({ message }) => RAISED.has(message.data.change));
        const sure = of.find(
          ({ message: { data } }) =>
            data.change === 'confirmed' || (RAISED.has(data.change) && isSure(data.incident.phase)),
        );
        return [
          { kind, first: first && first.receivedAt - fault, confirmed: sure && sure.receivedAt - fault },
        ];
      }),
    );
}

const isSure = (phase: string): boolean => phase === 'confirmed' || phase === 'acknowledged';

/** From what each alarm gives as its time to its arrival, ms. */
export const toldAfter = (alarms: readonly ReceivedAlarm[]): number[] =>
  alarms.flatMap(({ message, receivedAt }) => (message.data ? [receivedAt - message.data.at] : []));

export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function spread(values: readonly number[]): Spread {
  const at = (share: number): number => percentile(values, share) ?? Number.NaN;
  return { n: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
