import type {
  Actor,
  BehaviourEvent,
  CameraHealth,
  CarState,
  Incident,
  IncidentAct,
  MaintenanceWindow,
} from '../core/index.ts';

/** Something a judge is told about its lift. The time is always in it: `state.ts`, `event.ts` or `ts`, epoch ms. */
export type JudgeInput =
  | { readonly type: 'car'; readonly state: CarState }
  | { readonly type: 'behaviour'; readonly event: BehaviourEvent }
  | { readonly type: 'camera'; readonly ts: number; readonly health: CameraHealth }
  | {
      readonly type: 'act';
      readonly ts: number;
      readonly incidentId: string;
      readonly act: IncidentAct;
      readonly actor: Actor;
    }
  | { readonly type: 'maintenance'; readonly ts: number; readonly window: MaintenanceWindow }
  | { readonly type: 'maintenance-ended'; readonly ts: number; readonly windowId: string }
  /** Somebody has pressed the help button on the cabin's screen. */
  | { readonly type: 'help'; readonly ts: number }
  /** What stood open when the service last ended, now that it can be read: it goes on. */
  | { readonly type: 'take-up'; readonly ts: number; readonly incidents: readonly Incident[] }
  | { readonly type: 'tick'; readonly ts: number };

export function timeOf(input: JudgeInput): number {
  if (input.type === 'car') return input.state.ts;
  return input.type === 'behaviour' ? input.event.ts : input.ts;
}
