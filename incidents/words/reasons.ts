import type { Evidence } from '../../core/index.ts';

type Floor = { readonly floor: number | null };
type Seconds = { readonly seconds: number };
type None = Readonly<Record<never, never>>;

/** Every fact that a rule may give as a reason, with the figures that its words need. */
export interface ReasonData {
  // Who is inside.
  readonly 'people-seen': { readonly count: number };
  readonly 'people-shown': { readonly count: number };
  readonly 'people-held': { readonly count: number };
  readonly 'people-weighed': { readonly percent: number };
  readonly 'people-unknown': None;
  readonly 'people-long-inside': Seconds;
  // What the car does.
  readonly 'stopped-between-floors': Seconds & Floor;
  readonly 'door-stays-closed': Seconds & Floor;
  readonly 'door-fails-to-open': { readonly times: number };
  readonly 'alarm-button': None;
  readonly 'help-button': None;
  readonly 'controller-fault': { readonly codes: string };
  readonly 'no-controller': None;
  // Why a door is reported.
  readonly 'door-held-open': Seconds & Floor;
  readonly 'door-turns-back': { readonly times: number };
  readonly 'door-cycles': { readonly times: number } & Seconds;
  readonly 'door-long-open': Seconds & Floor;
  readonly 'doorway-occupied': None;
  readonly 'door-open-at-speed': { readonly speed: number };
  // Why a motion is reported.
  readonly 'too-fast': { readonly speed: number; readonly rated: number };
  readonly 'past-last-floor': { readonly end: 'top' | 'bottom' };
  readonly 'fault-says-so': { readonly codes: string };
  // What the picture shows.
  readonly 'ebike-warned': None;
  readonly 'ebike-seen': { readonly percent: number };
  readonly fallen: Seconds;
  readonly motionless: Seconds;
  readonly crowd: { readonly count: number };
  readonly 'lens-covered': None;
  readonly 'picture-dark': None;
  // Who is not heard of.
  readonly 'camera-silent': Seconds;
  readonly 'picture-frozen': None;
  readonly 'controller-silent': Seconds;
  readonly 'controller-never': None;
  // Why it is over.
  readonly 'people-left': None;
  readonly 'free-to-leave': Floor;
  readonly 'car-runs': Seconds;
  readonly 'people-gone': None;
  readonly 'door-closed': None;
  readonly 'door-settled': None;
  readonly 'stopped-or-closed': None;
  readonly 'speed-ordinary': Seconds;
  readonly 'back-in-zone': None;
  readonly 'ebike-gone': None;
  readonly 'ebike-not-confirmed': None;
  readonly 'up-again': None;
  readonly 'moves-again': None;
  readonly 'crowd-gone': None;
  readonly 'picture-clear': None;
  readonly 'camera-back': None;
  readonly 'controller-back': None;
  readonly 'other-mode': { readonly mode: string };
  // What people and the service do.
  readonly 'acknowledged-by': { readonly name: string };
  readonly 'relieved-by': { readonly name: string };
  readonly 'closed-by': { readonly name: string };
  readonly 'false-alarm-by': { readonly name: string };
  readonly capped: { readonly hours: number };
  readonly 'closed-after-end': None;
  readonly 'lift-removed': None;
  readonly 'goes-on-as-earlier': { readonly id: string };
}

export type ReasonKey = keyof ReasonData;

/** One fact that speaks for or against an incident, before it is put into words. */
export type Reason = {
  [K in ReasonKey]: { readonly key: K; readonly source: Evidence['source']; readonly data: ReasonData[K] };
}[ReasonKey];

export function reason<K extends ReasonKey>(
  source: Evidence['source'],
  key: K,
  ...[data]: ReasonData[K] extends None
    ? keyof ReasonData[K] extends never
      ? []
      : [ReasonData[K]]
    : [ReasonData[K]]
): Reason {
  return { key, source, data: data ?? {} } as Reason;
}

/** What a language must be able to say. */
export interface Phrases {
  readonly reasons: { readonly [K in ReasonKey]: (data: ReasonData[K]) => string };
  /** How the reasons of one sentence are joined, and how it ends. */
  readonly join: (lead: string, reasons: readonly string[]) => string;
}
