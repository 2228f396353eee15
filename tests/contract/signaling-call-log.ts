import { describe, expect, test } from 'vitest';
import type { CallLog, CallRecord } from '../../core/index.ts';

const ringing: CallRecord = {
  id: 'call-1',
  liftId: 'tower-a-1',
  incidentId: 'incident-1',
  cabinId: 'terminal-1',
  by: { id: 'u1', name: '张三', role: 'operator' },
  state: 'ringing',
  steps: [
    { state: 'idle', at: 1_000 },
    { state: 'ringing', at: 1_000 },
  ],
  endReason: undefined,
};

const then = (record: CallRecord, state: CallRecord['state'], at: number): CallRecord => ({
  ...record,
  state,
  steps: [...record.steps, { state, at }],
});

/** What every CallLog promises. `open` gives an empty one. */
export function callLogContract(name: string, open: () => Promise<CallLog>): void {
  describe(`${name} keeps the contract of a call log:`, () => {
    test('the later word replaces the earlier', async () => {
      const log = await open();
      await log.put(ringing);
      const connected = {
        ...then(ringing, 'connected', 2_000),
        by: { id: 'u2', name: '李四', role: 'supervisor' },
      };
      await log.put(connected);
      expect(await log.open()).toEqual([connected]);
    });

    test('what has ended is not open any more', async () => {
      const log = await open();
      await log.put(ringing);
      await log.put({ ...ringing, id: 'call-2', incidentId: undefined });
      await log.put({ ...then(ringing, 'ended', 3_000), endReason: 'hung-up' });
      expect((await log.open()).map(({ id }) => id)).toEqual(['call-2']);
    });
  });
}
