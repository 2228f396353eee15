import type { Stage } from '../stage.ts';

/** Drawn for this page: round lines, one weight, understood without words. */
const draw = (inner: string): string =>
  `<svg viewBox="0 0 64 64" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${inner}</svg>`;

const CABIN = '<rect x="12" y="8" width="40" height="48" rx="5"/><path d="M32 8v48"/>';

export const PICTOGRAMS = {
  bell: draw(
    '<path d="M16 44c4-4 5-9 5-16a11 11 0 0 1 22 0c0 7 1 12 5 16z"/><path d="M27 51a5 5 0 0 0 10 0M32 12v4M9 24a22 22 0 0 1 5-10M55 24a22 22 0 0 0-5-10"/>',
  ),
  tick: draw('<circle cx="32" cy="32" r="24"/><path d="M21 33l8 8 15-17"/>'),
  operator: draw(
    '<circle cx="32" cy="25" r="11"/><path d="M12 56c1-12 9-17 20-17s19 5 20 17M18 27v-3a14 14 0 0 1 28 0v3"/><rect x="14" y="25" width="6" height="9" rx="3" fill="currentColor"/><rect x="44" y="25" width="6" height="9" rx="3" fill="currentColor"/><path d="M47 34c0 4-4 6-9 6"/>',
  ),
  eye: draw(
    '<path d="M6 32c6-11 15-17 26-17s20 6 26 17c-6 11-15 17-26 17S12 43 6 32z"/><circle cx="32" cy="32" r="8"/>',
  ),
  rescue: draw(
    '<path d="M20 24a12 12 0 0 1 24 0M15 24h34M32 12v-3"/><path d="M22 24v4a10 10 0 0 0 20 0v-4M14 57c1-11 8-16 18-16s17 5 18 16"/>',
  ),
  cabin: draw(`${CABIN}<path d="M22 28l-4 4 4 4M42 28l4 4-4 4"/>`),
  open: draw(
    '<rect x="12" y="8" width="40" height="48" rx="5"/><path d="M22 8v48M42 8v48M32 44V24M26 30l6-6 6 6"/>',
  ),
  calm: draw(`${CABIN}<path d="M22 58h20"/>`),
  link: draw(
    '<path d="M8 27a34 34 0 0 1 48 0M17 36a21 21 0 0 1 30 0"/><circle cx="32" cy="48" r="4" fill="currentColor"/>',
  ),
  camera: draw('<rect x="6" y="18" width="36" height="28" rx="5"/><path d="M42 29l15-8v22l-15-8z"/>'),
  microphone: draw(
    '<rect x="24" y="6" width="16" height="30" rx="8"/><path d="M15 28a17 17 0 0 0 34 0M32 45v11M23 57h18"/>',
  ),
} as const;

export const STAGE_PICTOGRAM: Readonly<Record<Stage, keyof typeof PICTOGRAMS>> = {
  pairing: 'link',
  well: 'tick',
  sending: 'bell',
  unsent: 'link',
  running: 'tick',
  alarm: 'bell',
  seen: 'operator',
  help: 'rescue',
  connecting: 'operator',
  call: 'operator',
  door: 'open',
  over: 'open',
  away: 'link',
};
