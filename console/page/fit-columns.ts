/** Height of a tile's text below its picture, and the gap between tiles, px; as in styles.css. */
const FOOT = 68;
const GAP = 14;
/** Narrower tiles show too little; what doesn't fit then is scrolled to. */
const NARROWEST = 280;

/** The fewest columns, so the largest tiles, with which all of them fit into the room; else as many as sensible. */
export function fitColumns(tiles: number, aspect: number, width: number, height: number): number {
  const most = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
  for (let columns = 1; columns < most; columns++) {
    const tileHeight = (width - GAP * (columns - 1)) / columns / aspect + FOOT;
    const rows = Math.ceil(tiles / columns);
    if (rows * tileHeight + (rows - 1) * GAP <= height) return columns;
  }
  return most;
}
