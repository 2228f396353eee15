/** Figures as people say them. A floor is the landing's number as the controller counts. */

/** `15 s`, `4 min`, `2 h`: as exact as it is of use. */
export function spanEn(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

export function spanZh(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)}秒`;
  if (seconds < 6000) return `${Math.round(seconds / 60)}分钟`;
  return `${Math.round(seconds / 3600)}小时`;
}

export const peopleEn = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

export const timesEn = (times: number): string =>
  times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`;

/** `3楼`, `负1楼`. */
export const floorZh = (floor: number): string => (floor < 0 ? `负${-floor}楼` : `${floor}楼`);

/** One decimal: speeds are not known better. */
export const speed = (value: number): string => (Math.round(value * 10) / 10).toFixed(1);
