export { buildConsole, type ConsoleBuildOptions } from './build-console.ts';
export { buildCallPage } from './call/build-call-page.ts';
export * from './call/index.ts';
