export { buildConsole, type ConsoleBuildOptions } from './build-console.ts';
export * from './call/index.ts';
