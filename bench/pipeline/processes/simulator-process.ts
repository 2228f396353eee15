import { type Fault, type RtspSimulator, startRtspSimulator } from '../../../simulator/index.ts';
import { serve } from './child.ts';

export type SimulatorAsk =
  | { readonly kind: 'start'; readonly cameras: readonly { readonly name: string; readonly file: string }[] }
  | { readonly kind: 'fault'; readonly name: string; readonly fault: Fault; readonly forMs: number }
  /** When each camera's clip began, epoch ms; undefined: nobody has watched it yet. */
  | { readonly kind: 'started' };

export type SimulatorAnswer = {
  readonly urls: readonly string[];
  readonly startedAt: readonly (number | undefined)[];
};

let simulator: RtspSimulator | undefined;
let names: readonly string[] = [];

serve<SimulatorAsk, SimulatorAnswer>(
  async (ask) => {
    if (ask.kind === 'start') {
      names = ask.cameras.map((camera) => camera.name);
      simulator = await startRtspSimulator({ cameras: ask.cameras });
    }
    const running = simulator as RtspSimulator;
    if (ask.kind === 'fault') running.fault(ask.name, ask.fault, { forMs: ask.forMs });
    return {
      urls: names.map((name) => running.url(name)),
      startedAt: names.map((name) => running.status(name).startedAt),
    };
  },
  async () => simulator?.close(),
);
