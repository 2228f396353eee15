export { buildConsole, type ConsoleBuildOptions } from './build-console.ts';
export { buildCabinPage, type CabinPageOptions, putCalmingScript } from './cabin/build-cabin-page.ts';
export * from './cabin/calming/schedule.ts';
export type { Known, Stage } from './cabin/stage.ts';
export { buildCallPage } from './call/build-call-page.ts';
export * from './call/index.ts';
