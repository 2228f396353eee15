import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sharedBytes } from '../../core/index.ts';
import { buildModels } from '../../models/index.ts';
import { createInferenceEngine, type InferenceEngine } from './engine.ts';
import { InferenceThread } from './inference-thread.ts';
import type { Question } from './look.ts';

// Builds networks, which a machine busy with other tests can make wait.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'engine-'));
  const [built] = await buildModels({ outDir: folder, only: ['movenet-lightning'] });
  file = built?.file as string;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const question: Question = {
  width: 8,
  height: 8,
  data: new Uint8Array(8 * 8 * 3),
  region: [0, 0, 1, 1],
  scoreThreshold: 0,
  size: { width: 192, height: 192 },
};
const cutShort: Question = { ...question, data: question.data.slice(1) };

describe.each([0, 2])('an engine with %i threads', (workers) => {
  let engine: InferenceEngine;
  beforeAll(() => {
    engine = createInferenceEngine({ workers });
  });
  afterAll(() => engine.close());

  test('answers more questions than it has threads', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => engine.ask(file, question)));
    expect(answers.map(({ scores }) => scores.length)).toEqual(Array(9).fill(1));
  });

  test('reads pixels from memory that threads share', async () => {
    const data = Uint8Array.from(question.data, (_, i) => (i * 37) % 256);
    const shared = sharedBytes(data.length);
    shared.set(data);
    const [own, lent] = await Promise.all([
      engine.ask(file, { ...question, data }),
      engine.ask(file, { ...question, data: shared }),
    ]);
    expect(lent).toEqual(own);
  });

  test('fails the one bad question, and goes on', async () => {
    const [bad, good] = await Promise.allSettled([engine.ask(file, cutShort), engine.ask(file, question)]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'INFERENCE_FAILED' } });
    expect(good.status).toBe('fulfilled');
  });

  test('says what is wrong with a file that is no model, and takes it once it is one', async () => {
    const broken = path.join(folder, `broken-${workers}.onnx`);
    await writeFile(broken, 'nothing of the kind');
    await expect(engine.load(broken)).rejects.toMatchObject({ code: 'MODEL_INVALID', message: /broken/ });
    const { readFile } = await import('node:fs/promises');
    await writeFile(broken, await readFile(file));
    expect(await engine.load(broken)).toBe('cpu');
  });
});

test('closing rejects what waits and what comes after, and can be repeated', async () => {
  const engine = createInferenceEngine({ workers: 1 });
  await engine.load(file);
  const asked = Array.from({ length: 4 }, () => engine.ask(file, question));
  const settled = Promise.allSettled(asked);
  await engine.close();
  await engine.close();
  const waiting = (await settled).slice(1);
  expect(waiting.map((result) => result.status === 'rejected' && result.reason.code)).toEqual(
    Array(3).fill('CLOSED'),
  );
  await expect(engine.ask(file, question)).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(engine.load(file)).rejects.toMatchObject({ code: 'CLOSED' });
});

describe('execution providers', () => {
  test('what cannot start gives way to the next, with one warning', async () => {
    const warnings: unknown[] = [];
    const logger = { warn: (fields: unknown) => void warnings.push(fields) };
    const engine = createInferenceEngine({ workers: 2, executionProviders: ['abacus', 'cpu'] }, { logger });
    expect(await engine.load(file)).toBe('cpu');
    await engine.close();
    expect(warnings).toEqual([{ provider: 'abacus', reason: expect.stringContaining('abacus') }]);
  });

  test('without a last resort the error names them and the remedy', async () => {
    const engine = createInferenceEngine({ workers: 0, executionProviders: ['abacus'] });
    await expect(engine.load(file)).rejects.toMatchObject({
      code: 'DEPENDENCY_MISSING',
      message: expect.stringMatching(/abacus.*add "cpu"/s),
    });
    await engine.close();
  });

  test('faulty options are all named', () => {
    expect(() => createInferenceEngine({ workers: -1, intraOpThreads: 0 })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/workers.*intraOpThreads/s),
      }),
    );
  });
});

test('a thread that dies loses its own question and is replaced', async () => {
  let started = 0;
  const dying = (): Worker => {
    started += 1;
    return new Worker(`require('worker_threads').parentPort.once('message', () => process.exit(3));`, {
      eval: true,
    });
  };
  const settings = { intraOpThreads: 1, executionProviders: ['cpu'] };
  const thread = new InferenceThread(settings, () => {}, dying);
  for (const _ of [1, 2]) {
    await expect(thread.ask(file, question)).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      retryable: true,
      message: /ended unexpectedly/,
    });
    expect(thread.busy).toBe(false);
  }
  expect(started).toBe(2);
  await thread.close();
});

describe('a process that stops while its threads are inside onnxruntime', () => {
  const engineUrl = new URL('./engine.ts', import.meta.url).href;

  /** Asks twenty questions in a process of its own, lets it go on with `then`, and waits for its end. */
  async function ending(then: string): Promise<{ code: number | null; errors: string }> {
    const script = `
      import { createInferenceEngine } from ${JSON.stringify(engineUrl)};
      const engine = createInferenceEngine({ workers: 2 });
      const question = { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3), region: [0, 0, 1, 1],
        scoreThreshold: 0.1, size: { width: 192, height: 192 } };
      await engine.ask(${JSON.stringify(file)}, question);
      for (let i = 0; i < 20; i++) engine.ask(${JSON.stringify(file)}, question).catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
      ${then}`;
    const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, 'exit');
    return { code, errors };
  }

  test.each([
    ['exits', 'process.exit(7)', 7],
    ['closes its engine', 'await engine.close()', 0],
    ['fails', 'throw new Error("on purpose")', 1],
  ])('%s in order', async (_, then, expected) => {
    const { code, errors } = await ending(then);
    expect(errors).not.toContain('terminate called');
    expect(code).toBe(expected);
  });
});
