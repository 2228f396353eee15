export { buildCalming, type CalmingAudioDeps, draftCalming } from './build-audio.ts';
export { type CabinBoard, type CabinBoardDeps, createCabinBoard } from './cabin-board.ts';
export { cabinStatus } from './cabin-status.ts';
export { readHelp } from './help-note.ts';
export { loadCalmingMessages } from './load-messages.ts';
export { CALMING_LANGUAGES, type CalmingLanguage, CalmingOptions } from './options.ts';
export {
  CALMING_PHASES,
  CalmingMessage,
  type CalmingPhase,
  type CalmingScript,
  clipsOf,
  MINUTE_STEPS,
} from './script.ts';
