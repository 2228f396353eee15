export { COMMANDS, type CommandEntry } from './commands.ts';
export { checkCamera } from './doctor/check-camera.ts';
export type { Finding } from './doctor/finding.ts';
export { createProgram, main } from './main.ts';
