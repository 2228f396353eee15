import { describe } from 'vitest';
import { startMosquitto } from '../fixtures/mosquitto.ts';
import { until } from '../fixtures/until.ts';
import { mqttContract, openControllers } from './controller-contract.ts';

const withControllers = (lifts: readonly { id: string; password: string }[]) =>
  lifts.map(({ id, password }) => ({ id, controller: { password } }));

describe('the built-in broker', () => {
  mqttContract({
    async open(lifts) {
      const controllers = openControllers({ port: 0 });
      await controllers.setLifts(withControllers(lifts));
      return {
        controllers,
        url: `mqtt://127.0.0.1:${controllers.mqttPort}`,
        close: () => controllers.close(),
      };
    },
  });
});

describe('mosquitto', () => {
  mqttContract({
    async open(lifts) {
      const broker = await startMosquitto();
      const controllers = openControllers({ mqtt: { url: broker.url } });
      await controllers.setLifts(withControllers(lifts));
      await until(() => controllers.stats().mqtt?.subscribed === true);
      return {
        controllers,
        url: broker.url,
        async close() {
          await controllers.close();
          await broker.close();
        },
      };
    },
  });
});
