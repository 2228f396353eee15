import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findBreaches } from './architecture/find-breaches.ts';
import { MODULES, RANKS, TOOLS } from './architecture/layers.ts';
import { pathsOfThisMachine } from './architecture/private-paths.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What git holds or would hold, so that neither builds nor downloads are judged. */
function projectFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
  });
  const files = new Set(list.toString().split('\0'));
  return [...files].filter((file) => file !== '' && existsSync(join(ROOT, file))).sort();
}

const files = projectFiles();
const sources = new Map(
  files
    .filter((file) => /\.ts$/.test(file) && file.includes('/'))
    .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
);
const folders = [
  ...new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0] as string)),
];
const visible = folders.filter((folder) => !folder.startsWith('.'));

describe('the project', () => {
  test('keeps to its ranks, fronts, adapters and has no import cycle', () => {
    expect(sources.size).toBeGreaterThan(20);
    expect(findBreaches(sources)).toEqual([]);
  });

  test('has a README in every top-level folder', () => {
    expect(visible.filter((folder) => !files.includes(`${folder}/README.md`))).toEqual([]);
  });

  test('has a front in every module, and no folder that no rule knows', () => {
    expect(
      visible.filter((folder) => MODULES.includes(folder) && !files.includes(`${folder}/index.ts`)),
    ).toEqual([]);
    expect(
      visible.filter((f) => !(f in RANKS) && ![...MODULES, ...TOOLS, 'bin', 'docs'].includes(f)),
    ).toEqual([]);
  });

  test('names no path of the machine it was written on', () => {
    const texts = files.filter((file) =>
      /\.(ts|tsx|js|mjs|json|md|ya?ml|txt|html|css|sh)$|Dockerfile|\.ci\//.test(file),
    );
    const found = texts.flatMap((file) => pathsOfThisMachine(file, readFileSync(join(ROOT, file), 'utf8')));
    expect(found).toEqual([]);
  });
});

/** The breaches of a small tree that holds, besides what is given, the fronts it imports. */
function breachesOf(tree: Record<string, string>): string[] {
  const fronts = MODULES.map((module) => [`${module}/index.ts`, ''] as const);
  return findBreaches(new Map([...fronts, ...Object.entries(tree)]));
}

describe('the checker finds', () => {
  test.each([
    ['an upward import', { 'core/a.ts': "import { x } from '../streams/index.ts';" }],
    ['a sideways import', { 'streams/a.ts': "import { x } from '../models/index.ts';" }],
    ['a sideways import of types only', { 'streams/a.ts': "import type { X } from '../models/index.ts';" }],
    ['a sideways re-export', { 'models/a.ts': "export * from '../streams/index.ts';" }],
    [
      'a sideways import() in a function',
      { 'streams/a.ts': "export const f = () => import('../models/index.ts');" },
    ],
    ['streams in inference', { 'inference/a.ts': "import { x } from '../streams/index.ts';" }],
    ['streams in datasets', { 'datasets/a.ts': "import { x } from '../streams/index.ts';" }],
    ['values in the console', { 'console/a.ts': "import { x } from '../api/index.ts';" }],
    ['anything else in the console', { 'console/a.ts': "import type { X } from '../core/index.ts';" }],
    ['the command line in the app', { 'app/a.ts': "import { x } from '../cli/index.ts';" }],
    ['a bench in a module', { 'app/a.ts': "import { x } from '../bench/run.ts';", 'bench/run.ts': '' }],
    ['test helpers in a module', { 'app/a.ts': "import { x } from '../tests/x.ts';", 'tests/x.ts': '' }],
    [
      'a way past the front',
      { 'streams/a.ts': "import { x } from '../core/frame.ts';", 'core/frame.ts': '' },
    ],
    ['an import of nothing', { 'core/a.ts': "import { x } from './gone.ts';" }],
    ['a path out of the project', { 'core/a.ts': "import { x } from '../../other/x.ts';" }],
    ['an eager native package', { 'inference/runtime/a.ts': "import * as ort from 'onnxruntime-node';" }],
    ['a native package elsewhere', { 'app/a.ts': "await import('onnxruntime-node');" }],
    ['an eager tfjs backend', { 'models/a.ts': "import '@tensorflow/tfjs-backend-wasm';" }],
    ['an eager sharp', { 'streams/a.ts': "import sharp from 'sharp';" }],
    ['fluent-ffmpeg elsewhere', { 'app/a.ts': "import ffmpeg from 'fluent-ffmpeg';" }],
  ])('%s', (_name, tree) => {
    expect(breachesOf(tree)).toHaveLength(1);
  });

  test('fluent-ffmpeg in two files', () => {
    const line = "import ffmpeg from 'fluent-ffmpeg';";
    expect(breachesOf({ 'streams/a.ts': line, 'streams/b.ts': line })).toEqual([
      'streams/a.ts, streams/b.ts: only one file may import ^fluent-ffmpeg$',
    ]);
  });

  test('a ring of three files, once', () => {
    const tree = {
      'core/a.ts': "import { b } from './b.ts';",
      'core/b.ts': "export * from './c.ts';",
      'core/c.ts': "import './a.ts';",
    };
    expect(breachesOf(tree)).toEqual(['import cycle: core/a.ts → core/b.ts → core/c.ts → core/a.ts']);
  });

  test('the line of an import that spans several', () => {
    const text = "const a = 1;\n\nimport {\n  x,\n} from '../models/index.ts';\n";
    expect(breachesOf({ 'streams/a.ts': text })[0]).toMatch(/^streams\/a\.ts:3: /);
  });

  test('a path of this machine, but not its look-alikes', () => {
    const shared = ['..', 'shared', 'data'].join('/');
    const work = ['', 'work', 'main'].join('/');
    expect(pathsOfThisMachine('docs/a.md', `see ${shared}\nand ${work}/core`)).toHaveLength(2);
    expect(pathsOfThisMachine('.ci/run', `DATA=${shared}`)).toEqual([]);
    expect(pathsOfThisMachine('a.md', 'a framework/core, https://host/network/x, teamwork/')).toEqual([]);
  });
});

describe('the checker allows', () => {
  test.each([
    ['downward imports', { 'inference/a.ts': "import { x } from '../models/index.ts';" }],
    ['neighbours in a folder', { 'core/a.ts': "import { x } from './b.ts';", 'core/b.ts': '' }],
    ['types in the console', { 'console/a.ts': "import type { X } from '../api/index.ts';" }],
    [
      'a lazy native package',
      { 'inference/runtime/a.ts': "export const f = () => import('onnxruntime-node');" },
    ],
    ['types of a native package', { 'inference/runtime/a.ts': "import type { X } from 'onnxruntime-node';" }],
    [
      'test helpers in a test',
      { 'streams/a.test.ts': "import { x } from '../tests/x.ts';", 'tests/x.ts': '' },
    ],
    ['simulators in the app', { 'app/a.ts': "import { x } from '../simulator/index.ts';" }],
    [
      'types in a ring',
      { 'core/a.ts': "import { b } from './b.ts';", 'core/b.ts': "import type { A } from './a.ts';" },
    ],
    [
      'what only looks like an import',
      { 'core/a.ts': "const s = \"import x from '../streams/index.ts'\"; // import '../api/index.ts'" },
    ],
  ])('%s', (_name, tree) => {
    expect(breachesOf(tree as Record<string, string>)).toEqual([]);
  });
});
