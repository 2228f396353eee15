import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { CabinwatchError } from '../../core/index.ts';
import type { Question } from './look.ts';
import { NativeGate } from './native-gate.ts';
import { loadOrtModel, type OrtModel } from './ort-model.ts';
import type { Reply, Request, WorkerSettings } from './protocol.ts';

// One thread that runs networks. onnxruntime-node runs in the thread that calls it, which is why this is not the main one.

const MODEL_NICENESS = 7;
lowerPriority();

const port = parentPort as NonNullable<typeof parentPort>;
const settings = workerData as WorkerSettings;
const gate = new NativeGate(settings.gate);
const models = new Map<string, Promise<OrtModel>>();

const send = (reply: Reply): void => port.postMessage(reply);

function load(file: string): Promise<OrtModel> {
  let model = models.get(file);
  if (!model) {
    model = loadOrtModel(file, settings, (provider, reason) => send({ kind: 'fallback', provider, reason }));
    models.set(file, model);
    model.catch(() => models.delete(file));
  }
  return model;
}

/** A copy that onnxruntime takes, made here rather than in the main thread. Questions come one at a time. */
let desk = new Uint8Array(0);
function onDesk(question: Question): Question {
  const { data } = question;
  if (desk.length !== data.length) desk = new Uint8Array(data.length);
  desk.set(data);
  return { ...question, data: desk };
}

async function handle(request: Request): Promise<void> {
  const { id } = request;
  if (request.kind === 'end') {
    for (const model of await Promise.allSettled(models.values())) {
      if (model.status === 'fulfilled') await model.value.close();
    }
    port.close();
    return;
  }
  try {
    const model = await load(request.file);
    if (request.kind === 'load') {
      send({ id, kind: 'loaded', provider: model.provider });
      return;
    }
    const answer = await model.ask(onDesk(request.question));
    send({ id, kind: 'answer', answer });
  } catch (error) {
    const code = error instanceof CabinwatchError ? error.code : 'INFERENCE_FAILED';
    send({ id, kind: 'failed', code, message: (error as Error).message });
  }
}

let last: Promise<void> = Promise.resolve();
port.on('message', (request: Request) => {
  last = last.then(() => gate.pass(() => handle(request)));
});

/**
 * On Linux a thread has a niceness of its own: models give way to whoever reads the cameras. Elsewhere it would be the
 * whole process's, and is left alone.
 */
function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.min(19, getPriority() + MODEL_NICENESS));
  } catch {
    // Not allowed here; models then run like everything else.
  }
}
