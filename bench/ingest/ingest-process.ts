import { createControllers } from '../../controllers/index.ts';
import { gatewayOf, LIFTS, latencyOf, liftId, PASSWORD } from './messages.ts';

/** What the parent asks a process to be. */
export interface IngestSettings {
  /** An external broker; without it the built-in one. */
  readonly url?: string;
  readonly group?: string;
  /** Takes only each lift whose number leaves this remainder. */
  readonly part?: { readonly index: number; readonly of: number };
  readonly lifts?: number;
}

export interface IngestReport {
  readonly heard: number;
  readonly accepted: number;
  /** Lifts of which anything was heard. */
  readonly liftsHeard: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time since the last report, s. */
  readonly cpuSeconds: number;
  readonly seconds: number;
}

const MOST_MS = 60_000;

async function main(settings: IngestSettings): Promise<void> {
  const { lifts = LIFTS, part, url, group } = settings;
  const controllers = createControllers(
    url === undefined ? { port: 0 } : { mqtt: { url, ...(group !== undefined && { group }) } },
  );
  const histogram = new Uint32Array(MOST_MS + 1);
  let heard = 0;
  controllers.on('state', ({ door, load }) => {
    // At low rates lifts fall silent in between: that is told too, and is no message.
    if (door.value === undefined || load.value === undefined) return;
    heard++;
    const bin = Math.min(MOST_MS, latencyOf(load.value, Date.now()));
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  });
  const own = Array.from({ length: lifts }, (_, index) => index).filter(
    (index) => !part || index % part.of === part.index,
  );
  await controllers.setLifts(
    own.map((index) => ({ id: liftId(index), controller: { user: gatewayOf(index), password: PASSWORD } })),
  );
  while (controllers.stats().mqtt?.subscribed !== true)
    await new Promise((resolve) => setTimeout(resolve, 50));
  let cpu = process.cpuUsage();
  let since = performance.now();
  let before = 0;
  process.send?.({ port: controllers.mqttPort });

  process.on('message', () => {
    const used = process.cpuUsage(cpu);
    const { accepted } = controllers.stats().counters;
    const report: IngestReport = {
      heard,
      accepted: accepted - before,
      liftsHeard: controllers.stats().online + controllers.stats().silent,
      p50: quantile(histogram, 0.5),
      p99: quantile(histogram, 0.99),
      cpuSeconds: (used.user + used.system) / 1e6,
      seconds: (performance.now() - since) / 1000,
    };
    histogram.fill(0);
    heard = 0;
    before = accepted;
    cpu = process.cpuUsage();
    since = performance.now();
    process.send?.(report);
  });
}

function quantile(histogram: Uint32Array, share: number): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [ms, count] of histogram.entries()) {
    below += count;
    if (total > 0 && below >= share * total) return ms;
  }
  return Number.NaN;
}

await main(JSON.parse(process.argv[2] ?? '{}') as IngestSettings);
