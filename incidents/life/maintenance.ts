import type { MaintenanceWindow } from '../../core/index.ts';

/** Until when a lift is worked on, ms; undefined while it is not. */
export function workedOnUntil(windows: readonly MaintenanceWindow[], now: number): number | undefined {
  const ends = windows.filter(({ from, until }) => from <= now && now < until).map(({ until }) => until);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** A window of the same id takes the place of the former. */
export function putWindow(
  windows: readonly MaintenanceWindow[],
  window: MaintenanceWindow,
): readonly MaintenanceWindow[] {
  return [...windows.filter(({ id }) => id !== window.id), window];
}
