export { buildConsole, type ConsoleBuildOptions } from './build-console.ts';
