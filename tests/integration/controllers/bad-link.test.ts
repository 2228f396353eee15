import { expect, test } from 'vitest';
import { createControllers } from '../../../controllers/index.ts';
import { CAR_FIELDS, type CarState, ManualClock } from '../../../core/index.ts';
import { generateTraffic, TRAFFIC_DEFAULTS, type TrafficMessage } from '../../../simulator/index.ts';

test('an hour of 50 lifts on a bad link: what is known was said, of the right time, and ends as the last word', async () => {
  const clock = new ManualClock(TRAFFIC_DEFAULTS.startAt);
  const controllers = createControllers({}, { clock });
  const traffic = generateTraffic({ behaviours: false });
  await controllers.setLifts(traffic.liftIds.map((id) => ({ id, controller: {} })));
  const states: CarState[] = [];
  controllers.on('state', (state) => states.push(state));
  const said = new Map<string, TrafficMessage[]>(traffic.liftIds.map((id) => [id, []]));
  let wrong = 0;

  for (const item of traffic) {
    if (item.kind !== 'message') continue;
    clock.advance(item.receivedAt - clock.now());
    said.get(item.liftId)?.push(item);
    controllers.ingest(item.liftId, item.message, item.receivedAt);
    for (const state of states.splice(0)) {
      const words = said.get(state.liftId) ?? [];
      for (const field of CAR_FIELDS) {
        const { value, heardAt = 0, since = 0 } = state[field];
        if (value === undefined) continue;
        // No message is later than 1.5 s but those held up in a gap: each must be found to have been said at its time.
        const near = Math.max(...words.slice(-40).map(({ at }) => (at <= heardAt ? at : 0)));
        if (heardAt - near > 1500 || since > heardAt || heardAt > state.ts) wrong++;
      }
    }
  }
  expect(wrong).toBe(0);

  for (const [liftId, words] of said) {
    const last = words.reduce((a, b) => ((b.message.seq as number) > (a.message.seq as number) ? b : a));
    const state = controllers.state(liftId);
    for (const field of CAR_FIELDS) {
      const value = state?.[field].value;
      if (value !== undefined) expect(value, `${liftId} ${field}`).toEqual(last.message[field]);
    }
  }
  const { counters, online } = controllers.stats();
  expect(online).toBeGreaterThan(40);
  expect(counters.duplicates).toBeGreaterThan(counters.accepted * 0.08);
  expect(counters.outdated).toBeGreaterThan(100);
  expect(counters.skewed).toBeGreaterThan(1000);
  expect(counters).toMatchObject({ rejected: 0, limited: 0, clockSteps: 0, restarts: 0 });
  await controllers.close();
});
