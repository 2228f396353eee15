import type { CabinStatus } from '../../api/index.ts';
import type { CallMessage } from '../../signaling/index.ts';
import type { Situation } from './calming/schedule.ts';

/** What the screen shows. `away`: the service can't be reached; `running`: help was asked for in a car that serves. */
export type Stage =
  | 'pairing'
  | 'well'
  | 'sending'
  | 'unsent'
  | 'running'
  | 'alarm'
  | 'seen'
  | 'help'
  | 'connecting'
  | 'call'
  | 'door'
  | 'over'
  | 'away';

export interface Known {
  readonly paired: boolean;
  /** The latest word of the service, however old. */
  readonly status: CabinStatus | undefined;
  /** The service has been out of reach for longer than a hiccup. */
  readonly away: boolean;
  /** `sending`: on its way; `unsent`: it does not get through; `running`: it came, and is remembered for when the car stands. */
  readonly press: 'none' | 'sending' | 'unsent' | 'running';
  readonly call: CallMessage['state'] | undefined;
  /** By the service's clock, epoch ms. */
  readonly now: number;
}

/** How long "it is over" is shown, ms. */
export const OVER_MS = 120_000;

export function stageOf(known: Known): Stage {
  const { paired, status, press, call, now } = known;
  if (!paired) return 'pairing';
  const media = callStage(call);
  if (media) return media;
  const alarm = status?.alarm;
  if (alarm && alarm.phase !== 'relieved') {
    if (isOpen(status)) return 'door';
    if (alarm.help) return 'help';
    return alarm.seenAt === undefined ? 'alarm' : 'seen';
  }
  if (press !== 'none') return press;
  if (alarm?.relievedAt !== undefined && now - alarm.relievedAt < OVER_MS) return 'over';
  return known.away ? 'away' : 'well';
}

function callStage(call: Known['call']): Stage | undefined {
  if (call === 'ringing' || call === 'negotiating') return 'connecting';
  return call === 'connected' || call === 'degraded' || call === 'reconnecting' ? 'call' : undefined;
}

export const isOpen = (status: CabinStatus | undefined): boolean =>
  status?.door === 'open' || status?.door === 'opening';

/** Somebody may be heard: a line that only stutters still carries a voice now and then. */
export const isHeard = (call: Known['call']): boolean => call === 'connected' || call === 'degraded';

/**
 * What the calming goes by; undefined while nobody needs it.
 * @param clock turns the service's time into that of the calming, and into what is shown
 */
export function situationOf(
  { status, press }: Known,
  clock: { readonly toCalming: (ts: number) => number; readonly show: (ts: number) => string },
): Situation | undefined {
  const alarm = status?.alarm;
  if (alarm && alarm.phase !== 'relieved') {
    const { help, seenAt, phase, incidentId, pressed, receivedAt } = alarm;
    return {
      incidentId,
      phase: help
        ? 'coming'
        : seenAt !== undefined
          ? 'seen'
          : phase === 'confirmed'
            ? 'confirmed'
            : 'suspected',
      pressed,
      receivedAt: clock.show(receivedAt),
      arrivesAt: help?.arrivesAt === undefined ? undefined : clock.toCalming(help.arrivesAt),
    };
  }
  if (press !== 'unsent') return undefined;
  return { incidentId: 'unsent', phase: 'unsent', pressed: true, receivedAt: '' };
}
