import { Worker } from 'node:worker_threads';
import { CabinwatchError, sharedBytes } from '../../core/index.ts';
import type { Answer, Question } from './look.ts';
import { NativeGate } from './native-gate.ts';
import type { OrtModelOptions } from './ort-model.ts';
import type { Reply, Request, WorkerSettings } from './protocol.ts';

type Settled = Exclude<Reply, { readonly kind: 'fallback' | 'failed' }>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** One thread that runs networks, started when first needed and again after it died. */
export class InferenceThread {
  readonly #settings: OrtModelOptions;
  #gate = new NativeGate();
  readonly #onFallback: (provider: string, reason: string) => void;
  readonly #startThread: (settings: WorkerSettings) => Worker;
  readonly #pending = new Map<
    number,
    { resolve: (reply: Settled) => void; reject: (error: unknown) => void }
  >();
  #worker: Worker | undefined;
  #desk: Uint8Array | undefined;
  #count = 0;
  busy = false;

  constructor(
    settings: OrtModelOptions,
    onFallback: (provider: string, reason: string) => void,
    start: (settings: WorkerSettings) => Worker = startThread,
  ) {
    this.#startThread = start;
    this.#settings = {
      intraOpThreads: settings.intraOpThreads,
      executionProviders: settings.executionProviders,
    };
    this.#onFallback = onFallback;
  }

  async load(file: string): Promise<string> {
    const reply = await this.#send({ kind: 'load', file });
    return reply.kind === 'loaded' ? reply.provider : '';
  }

  async ask(file: string, question: Question): Promise<Answer> {
    this.busy = true;
    try {
      const data = this.#shared(question.data);
      const reply = await this.#send({ kind: 'ask', file, question: { ...question, data } });
      if (reply.kind !== 'answer') throw new Error(`unexpected reply ${reply.kind}`);
      return reply.answer;
    } finally {
      this.busy = false;
    }
  }

  /** Pixels that lie in shared memory, as those of cameras do, are not sent but read from there. */
  #shared(pixels: Uint8Array): Uint8Array {
    if (pixels.buffer instanceof SharedArrayBuffer) return pixels;
    if (this.#desk?.length !== pixels.length) this.#desk = sharedBytes(pixels.length);
    this.#desk.set(pixels);
    return this.#desk;
  }

  /** Lets the thread finish what it is in the middle of; nobody gets an answer any more. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    const error = new CabinwatchError('CLOSED', 'The inference engine was closed while it was at work.');
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    if (!worker) return;
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
    });
    worker.ref();
    worker.postMessage({ id: 0, kind: 'end' } satisfies Request);
    await ended;
  }

  /** Before the process exits: blocks until the thread can be stopped without harm. */
  settle(): void {
    if (this.#worker) this.#gate.shut();
  }

  #send(request: Unnumbered<Request>): Promise<Settled> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage({ ...request, id });
    });
  }

  #start(): Worker {
    this.#gate = new NativeGate();
    const worker = this.#startThread({ ...this.#settings, gate: this.#gate.state });
    worker.on('message', (reply: Reply) => this.#receive(reply));
    worker.on('error', (cause) => this.#lost(worker, cause));
    worker.on('exit', () => this.#lost(worker, undefined));
    return worker;
  }

  #receive(reply: Reply): void {
    if (reply.kind === 'fallback') {
      this.#onFallback(reply.provider, reply.reason);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    // An idle thread must not keep the process alive.
    if (this.#pending.size === 0) this.#worker?.unref();
    if (reply.kind === 'failed') pending?.reject(new CabinwatchError(reply.code, reply.message));
    else pending?.resolve(reply);
  }

  /** Told twice of a thread that failed, first why and then that it has ended. */
  #lost(worker: Worker, cause: Error | undefined): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const error = new CabinwatchError(
      'INFERENCE_FAILED',
      `An inference thread ended unexpectedly${cause ? `: ${cause.message}` : '.'}`,
      { cause },
    );
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** From TypeScript sources the thread needs a loader for them first; compiled, it needs none. */
function startThread(settings: WorkerSettings): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./runtime-worker.js', import.meta.url), { workerData: settings });
  }
  const [loader, entry] = [
    import.meta.resolve('tsx/esm/api'),
    new URL('./runtime-worker.ts', import.meta.url).href,
  ];
  const boot = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(boot, { eval: true, workerData: settings });
}
