#!/usr/bin/env node
// The command itself. In a checkout it runs the TypeScript sources as they are, so there is no build step to
// forget; in the Docker image, which holds no sources, it runs what `npm run build` made of them.
import { existsSync } from 'node:fs';

const sources = new URL('../cli/main.ts', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);

// onnxruntime comes with telemetry that is on unless this is set. It reads the real environment, which only the
// main thread can set.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

// What `ps` shows to everybody on the machine: not the arguments, since an address in them may hold a password.
process.title = 'cabinwatch';

async function start() {
  if (!existsSync(sources)) return import(built.href);
  const { register } = await import('tsx/esm/api');
  register();
  return import(sources.href);
}

try {
  const { main } = await start();
  process.exitCode = await main(process.argv);
} catch (error) {
  const packagesMissing = error?.code === 'ERR_MODULE_NOT_FOUND' && /Cannot find package/.test(error.message);
  const text = packagesMissing
    ? `${error.message.split(' imported from')[0]}: run "npm ci" first.`
    : error?.stack;
  process.stderr.write(`cabinwatch: ${text}\n`);
  process.exitCode = 1;
}
