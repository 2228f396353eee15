export { COMMANDS, type CommandEntry } from './commands.ts';
export { checkCamera } from './doctor/check-camera.ts';
export { checkIce } from './doctor/check-ice.ts';
export { checkStorage } from './doctor/check-storage.ts';
export type { Finding } from './doctor/finding.ts';
export { createProgram, main } from './main.ts';
