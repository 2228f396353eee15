import type { CallEndReason, CallParty, CallRecord, RecordingState } from '../../core/index.ts';
import { CallMachine, type CallTimes } from '../call/call-machine.ts';
import type { MediaState } from '../protocol/messages.ts';
import type { RoomRole } from './roles.ts';

interface Caller {
  readonly id: string;
  readonly name: string;
  readonly role: RoomRole;
}

/** From the worst that one of the two sides says: media are there only when both say so. */
const WORST_FIRST: readonly MediaState[] = ['failed', 'restarting', 'disconnected'];

/** The call of one room: its machine, who has it, who listens, and what both sides say of their media. */
export class RoomCall {
  readonly id: string;
  readonly liftId: string;
  readonly incidentId: string | undefined;
  readonly cabinId: string;
  readonly machine: CallMachine;
  readonly listeners = new Set<string>();
  recording: RecordingState | undefined;
  #by: Caller;
  readonly #reports = new Map<string, MediaState>();

  constructor(
    init: {
      readonly id: string;
      readonly liftId: string;
      readonly incidentId: string | undefined;
      readonly cabinId: string;
      readonly by: Caller;
    },
    machine: CallMachine,
  ) {
    this.id = init.id;
    this.liftId = init.liftId;
    this.incidentId = init.incidentId;
    this.cabinId = init.cabinId;
    this.#by = init.by;
    this.machine = machine;
  }

  /** A call that was going on when the service stopped. */
  static restore(record: CallRecord, times: CallTimes, now: number): RoomCall {
    const by = { ...record.by, role: record.by.role as RoomRole };
    return new RoomCall({ ...record, by }, new CallMachine(times, now, record.steps));
  }

  get by(): Caller {
    return this.#by;
  }

  isSide(memberId: string): boolean {
    return memberId === this.cabinId || memberId === this.#by.id;
  }

  handOver(to: Caller, now: number): void {
    this.#by = to;
    this.listeners.delete(to.id);
    this.#reports.clear();
    this.machine.push({ type: 'handed-over' }, now);
  }

  /** One side's word on the media between the two. Whether the call's state has changed. */
  report(memberId: string, media: MediaState, now: number): boolean {
    this.#reports.set(memberId, media);
    const said = [...this.#reports.values()];
    const worst = WORST_FIRST.find((state) => said.includes(state));
    if (worst) return this.machine.push({ type: 'media', media: worst }, now);
    return said.length === 2 && this.machine.push({ type: 'media', media: 'connected' }, now);
  }

  /** Whether this side says that its media are there. */
  hears(memberId: string): boolean {
    return this.#reports.get(memberId) === 'connected';
  }

  /** A page that was loaded anew has no media yet, whatever its predecessor said. */
  forget(memberId: string): void {
    this.#reports.delete(memberId);
  }

  end(reason: CallEndReason, now: number): void {
    this.machine.push({ type: 'end', reason }, now);
  }

  record(): CallRecord {
    const by: CallParty = { ...this.#by };
    const { state, steps, endReason } = this.machine;
    const { id, liftId, incidentId, cabinId } = this;
    return { id, liftId, incidentId, cabinId, by, state, steps: [...steps], endReason };
  }
}
