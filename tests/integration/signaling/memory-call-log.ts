import type { CallLog, CallRecord } from '../../../core/index.ts';

/** Calls kept in memory: what the next start of the same "service" finds. */
export class MemoryCallLog implements CallLog {
  readonly records = new Map<string, CallRecord>();

  async put(record: CallRecord): Promise<void> {
    this.records.set(record.id, structuredClone(record));
  }

  async open(): Promise<CallRecord[]> {
    return [...this.records.values()].filter(({ state }) => state !== 'ended');
  }
}
