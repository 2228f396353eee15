export { COMMANDS, type CommandEntry } from './commands.ts';
export { createProgram, main } from './main.ts';
