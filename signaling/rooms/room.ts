import type { CallEndReason, CallRecord, RecordingState } from '../../core/index.ts';
import { CallMachine, type CallTimes } from '../call/call-machine.ts';
import { ProtocolError } from '../protocol/codec.ts';
import type {
  ByeReason,
  CallMessage,
  ClientMessage,
  MemberMessage,
  PartyMessage,
  PeerMessage,
  ServerMessage,
} from '../protocol/messages.ts';
import { RoomCall } from './call.ts';
import type { Right, RoomRole } from './roles.ts';

export interface RoomTimes extends CallTimes {
  /** The place of somebody whose line is cut is kept so long, ms. */
  readonly departureMs: number;
}

export interface RoomOptions {
  readonly liftId: string;
  readonly times: RoomTimes;
  /** Most that take part in a call's media, the cabin included. */
  readonly maxPeers: number;
  readonly newCallId: () => string;
}

export interface Joining {
  readonly id: string;
  readonly name: string;
  readonly role: RoomRole;
  readonly rights: readonly Right[];
  /** Made anew by each load of a page: tells a cut line from a page that has lost its media. */
  readonly instance: string;
  /** When they have to be gone, epoch ms. */
  readonly expiresAt: number;
}

interface Member extends Omit<Joining, 'rights'> {
  rights: ReadonlySet<Right>;
  hears: boolean;
  /** Undefined while their line is up. */
  awaySince: number | undefined;
}

export type RoomOutput =
  | { readonly kind: 'send'; readonly to: string; readonly message: ServerMessage }
  /** They are out of the room; `to` is told why and disconnected. */
  | { readonly kind: 'bye'; readonly to: string; readonly reason: ByeReason }
  | { readonly kind: 'record'; readonly record: CallRecord };

export type RoomMessage = Exclude<ClientMessage, { type: 'hello' | 'ping' | 'pong' | 'ice' }>;

/** No page has this instance. */
const RESTORED = '';

type InCallMessage = Exclude<RoomMessage, { type: 'call' | 'leave' | 'hears' }>;

/**
 * One lift's room: who is in it and the one call it may have. It does no I/O and reads no clock; every method gives what is to be
 * sent, in order.
 */
export class Room {
  readonly #options: RoomOptions;
  readonly #members = new Map<string, Member>();
  #call: RoomCall | undefined;
  #emptySince: number | undefined;
  #out: RoomOutput[] = [];

  constructor(options: RoomOptions, now: number) {
    this.#options = options;
    this.#emptySince = now;
  }

  /** Since when nobody has been in it, nor a call; undefined while there is either. */
  get emptySince(): number | undefined {
    return this.#emptySince;
  }

  get callState(): CallMessage['state'] {
    return this.#call?.machine.state ?? 'idle';
  }

  get size(): number {
    return this.#members.size;
  }

  has(memberId: string): boolean {
    return this.#members.has(memberId);
  }

  /** A call that was going on when the service stopped; both sides have the departure time to come back. */
  restore(record: CallRecord, now: number): void {
    this.#call = RoomCall.restore(record, this.#options.times, now);
    this.#emptySince = undefined;
    // What they may is known for certain only when they are back; until then nobody is cut off.
    const rights = new Set<Right>(['publish', 'subscribe']);
    const stay = {
      rights,
      hears: true,
      instance: RESTORED,
      expiresAt: Number.POSITIVE_INFINITY,
      awaySince: now,
    };
    const { by, cabinId } = this.#call;
    for (const side of [by, { id: cabinId, name: '', role: 'cabin' as const }])
      this.#members.set(side.id, { ...side, ...stay });
  }

  /** Somebody comes, or comes back. A second of the same id takes the place of the first. */
  join(joining: Joining, now: number): RoomOutput[] {
    const before = this.#members.get(joining.id);
    if (joining.role === 'cabin') this.#replaceCabins(joining.id, now);
    const rights = new Set(joining.rights);
    this.#members.set(joining.id, { ...joining, rights, hears: true, awaySince: undefined });
    if (before && before.instance !== joining.instance && before.instance !== RESTORED)
      this.#call?.forget(joining.id);
    this.#emptySince = undefined;
    this.#tellMembers();
    this.#tellCall(now);
    if (joining.role === 'recorder') this.#refusing(joining, () => this.#addListener(joining.id, now));
    return this.#take();
  }

  lineLost(memberId: string, now: number): RoomOutput[] {
    const member = this.#members.get(memberId);
    if (!member || member.awaySince !== undefined) return [];
    member.awaySince = now;
    this.#tellMembers();
    return this.#take();
  }

  message(memberId: string, message: RoomMessage, now: number): RoomOutput[] {
    const member = this.#members.get(memberId);
    if (member) this.#refusing(member, () => this.#handle(member, message, now));
    return this.#take();
  }

  /** Takes rights from somebody, or everything. */
  withdraw(memberId: string, rights: readonly Right[] | 'all', now: number): RoomOutput[] {
    const member = this.#members.get(memberId);
    if (!member) return [];
    const left = rights === 'all' ? [] : [...member.rights].filter((right) => !rights.includes(right));
    if (left.length === 0) this.#remove(member, 'withdrawn', now);
    else {
      member.rights = new Set(left);
      this.#send(memberId, { type: 'rights', rights: left });
      if (!member.rights.has('subscribe')) this.#call?.listeners.delete(memberId);
      this.#tellCall(now);
    }
    return this.#take();
  }

  endCall(reason: CallEndReason, now: number): RoomOutput[] {
    this.#endCall(reason, now);
    return this.#take();
  }

  /** What became of the recording of a call, told to both sides. */
  setRecording(callId: string, recording: RecordingState, now: number): RoomOutput[] {
    if (this.#call?.id === callId) {
      this.#call.recording = recording;
      this.#tellCall(now);
    }
    return this.#take();
  }

  /** What time alone changes; to be called about once a second. */
  tick(now: number): RoomOutput[] {
    for (const member of [...this.#members.values()]) {
      if (member.expiresAt <= now) this.#remove(member, 'expired', now);
      else if (this.#hasDeparted(member, now)) this.#remove(member, 'gone', now);
    }
    if (this.#call?.machine.tick(now)) this.#changed(now);
    return this.#take();
  }

  /** What somebody who joins is shown. */
  snapshot(
    memberId: string,
    now: number,
  ): { self: PartyMessage & { rights: Right[] }; members: MemberMessage[]; call?: CallMessage } {
    const { id, name, role, rights } = this.#members.get(memberId)!;
    const call = this.#callMessage(now);
    return { self: { id, name, role, rights: [...rights] }, members: this.#visible(), ...(call && { call }) };
  }

  /** What is refused is told to who asked. */
  #refusing(member: { readonly id: string }, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#send(member.id, error.toMessage());
    }
  }

  #handle(member: Member, message: RoomMessage, now: number): void {
    if (message.type === 'call') this.#startCall(member, message.incidentId, now);
    else if (message.type === 'leave') this.#remove(member, 'left', now);
    else if (message.type === 'hears') this.#setHears(member, message.hears, now);
    else if (this.#call?.id === message.callId) this.#handleInCall(member, this.#call, message, now);
    else throw new ProtocolError('NO_CALL', 'That call is over, or there was none.');
  }

  #handleInCall(member: Member, call: RoomCall, message: InCallMessage, now: number): void {
    switch (message.type) {
      case 'answer':
        if (member.id !== call.cabinId) throw new ProtocolError('NOT_ALLOWED', 'Only the cabin picks up.');
        if (call.machine.push({ type: 'answered' }, now)) this.#changed(now);
        break;
      case 'listen':
        if (!member.rights.has('subscribe'))
          throw new ProtocolError('NOT_ALLOWED', 'You may not listen to calls.');
        this.#addListener(member.id, now);
        break;
      case 'take-over':
        this.#takeOver(member, call, now);
        break;
      case 'hang-up':
        this.#hangUp(member, call, now);
        break;
      case 'signal':
        this.#relay(member, message);
        break;
      case 'report':
        // Between a listener and the others it is no matter of the call's.
        if (call.isSide(member.id) && call.isSide(message.peer) && call.report(member.id, message.media, now))
          this.#changed(now);
    }
  }

  #setHears(member: Member, hears: boolean, now: number): void {
    if (member.hears === hears) return;
    member.hears = hears;
    this.#tellCall(now);
  }

  #startCall(member: Member, incidentId: string | undefined, now: number): void {
    if (!member.rights.has('call')) throw new ProtocolError('NOT_ALLOWED', 'You may not begin calls.');
    if (this.#call && this.#call.by.id !== member.id) {
      const { by } = this.#call;
      throw new ProtocolError('BUSY', `${by.name} has this call.`, this.#party(by));
    }
    if (this.#call) {
      this.#tellCall(now);
      return;
    }
    const members = [...this.#members.values()];
    const cabin = members.find(({ role, awaySince }) => role === 'cabin' && awaySince === undefined);
    if (!cabin)
      throw new ProtocolError('NO_CABIN', 'The cabin is not connected. Use the phone line of the lift.');
    const { liftId, times, newCallId } = this.#options;
    const machine = new CallMachine(times, now);
    const by = this.#party(member);
    this.#call = new RoomCall({ id: newCallId(), liftId, incidentId, cabinId: cabin.id, by }, machine);
    for (const { id, role } of members) if (role === 'recorder') this.#call.listeners.add(id);
    machine.push({ type: 'ring' }, now);
    this.#changed(now);
  }

  #takeOver(member: Member, call: RoomCall, now: number): void {
    if (!member.rights.has('take-over'))
      throw new ProtocolError('NOT_ALLOWED', 'Only a supervisor may take over.');
    if (call.by.id === member.id) return;
    call.handOver(this.#party(member), now);
    this.#changed(now);
  }

  #hangUp(member: Member, call: RoomCall, now: number): void {
    if (member.id === call.by.id) this.#endCall('hung-up', now);
    else if (call.listeners.delete(member.id)) this.#tellCall(now);
    else throw new ProtocolError('NOT_ALLOWED', 'Only who has the call may end it.');
  }

  #addListener(memberId: string, now: number): void {
    const call = this.#call;
    if (!call || call.isSide(memberId)) return;
    const isRecorder = (id: string): boolean => this.#members.get(id)?.role === 'recorder';
    const listeners = [...call.listeners].filter((id) => id !== memberId && !isRecorder(id));
    // Who turned recording on has reckoned with its upload.
    if (!isRecorder(memberId) && listeners.length + 2 >= this.#options.maxPeers)
      throw new ProtocolError('FULL', 'As many as may take part in this call already do.');
    call.listeners.add(memberId);
    this.#tellCall(now);
  }

  #relay(member: Member, message: Extract<ClientMessage, { type: 'signal' }>): void {
    const peers = this.#peers();
    const target = this.#members.get(message.to);
    const among = peers.some(({ id }) => id === member.id) && peers.some(({ id }) => id === message.to);
    if (!among || !target || target.awaySince !== undefined)
      throw new ProtocolError('NO_PEER', 'Whom this is for takes no part in the call just now.');
    const { to: _, ...rest } = message;
    this.#send(message.to, { ...rest, from: member.id, instance: member.instance });
  }

  /**
   * Gone for long. Where the other side still has its media, only signaling is cut: two who talk are not parted for that, and the
   * place is kept.
   */
  #hasDeparted(member: Member, now: number): boolean {
    if (member.awaySince === undefined || now - member.awaySince < this.#options.times.departureMs)
      return false;
    const call = this.#call;
    if (!call?.isSide(member.id)) return true;
    const otherId = member.id === call.cabinId ? call.by.id : call.cabinId;
    const other = this.#members.get(otherId);
    return other === undefined || other.awaySince !== undefined || !call.hears(otherId);
  }

  #remove(member: Member, reason: ByeReason, now: number): void {
    this.#members.delete(member.id);
    this.#out.push({ kind: 'bye', to: member.id, reason });
    const call = this.#call;
    if (call?.cabinId === member.id) this.#endCall('cabin-gone', now);
    else if (call?.by.id === member.id)
      this.#endCall(reason === 'withdrawn' || reason === 'expired' ? 'withdrawn' : 'caller-gone', now);
    else if (call?.listeners.delete(member.id)) this.#tellCall(now);
    this.#tellMembers();
    if (this.#members.size === 0) this.#emptySince = now;
  }

  /** One cabin a room: a terminal that was exchanged bears another id. */
  #replaceCabins(newId: string, now: number): void {
    for (const { id, role } of this.#members.values()) {
      if (role !== 'cabin' || id === newId) continue;
      this.#members.delete(id);
      this.#out.push({ kind: 'bye', to: id, reason: 'replaced' });
      if (this.#call?.cabinId === id) this.#endCall('cabin-gone', now);
    }
  }

  #endCall(reason: CallEndReason, now: number): void {
    if (!this.#call) return;
    this.#call.end(reason, now);
    this.#changed(now);
  }

  /** The call's state or holder has changed: told to all and kept. */
  #changed(now: number): void {
    const call = this.#call!;
    this.#out.push({ kind: 'record', record: call.record() });
    this.#tellCall(now);
    if (call.machine.state === 'ended') this.#call = undefined;
  }

  #tellCall(now: number): void {
    const call = this.#callMessage(now);
    if (call) for (const id of this.#present()) this.#send(id, { type: 'call', call });
  }

  #callMessage(now: number): CallMessage | undefined {
    const call = this.#call;
    if (!call) return undefined;
    const { state, since, endReason } = call.machine;
    return {
      id: call.id,
      state,
      forMs: Math.max(0, now - since),
      by: this.#party(call.by),
      peers: state === 'ended' ? [] : this.#peers(),
      ...(call.incidentId !== undefined && { incidentId: call.incidentId }),
      ...(call.recording && { recording: call.recording }),
      ...(endReason && { endReason }),
    };
  }

  #peers(): PeerMessage[] {
    const call = this.#call;
    if (!call) return [];
    return [call.cabinId, call.by.id, ...call.listeners].flatMap((id) => {
      const member = this.#members.get(id);
      if (!member) return [];
      const { role, instance, rights, hears } = member;
      const sends = call.isSide(id) && rights.has('publish');
      const deaf = hears ? {} : { hears };
      const peer = { id, role, sends, receives: rights.has('subscribe'), ...deaf };
      // Whose place was only restored after a restart has yet to come back.
      return [instance === RESTORED ? peer : { ...peer, instance }];
    });
  }

  #tellMembers(): void {
    const members = this.#visible();
    for (const id of this.#present()) this.#send(id, { type: 'members', members });
  }

  #visible(): MemberMessage[] {
    const shown = [...this.#members.values()].filter(({ role }) => role !== 'recorder');
    return shown.map((member) => ({ ...this.#party(member), present: member.awaySince === undefined }));
  }

  #present(): string[] {
    return [...this.#members.values()].filter(({ awaySince }) => awaySince === undefined).map(({ id }) => id);
  }

  #party({ id, name, role }: PartyMessage): PartyMessage {
    return { id, name, role };
  }

  #send(to: string, message: ServerMessage): void {
    this.#out.push({ kind: 'send', to, message });
  }

  #take(): RoomOutput[] {
    return this.#out.splice(0);
  }
}
