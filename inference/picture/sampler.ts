import type { Frame } from '../../core/index.ts';

export const GRID_COLUMNS = 32;
export const GRID_ROWS = 18;
export const GRID_CELLS = GRID_COLUMNS * GRID_ROWS;
const PER_CELL_X = 4;
const PER_CELL_Y = 3;
const SAMPLES = GRID_CELLS * PER_CELL_X * PER_CELL_Y;

export interface PictureSample {
  /** Mean brightness of each cell, 0–1, row-major; re-used by the next sampling. */
  readonly cells: Float32Array;
  /** Mean of brightest minus darkest channel, 0–1. */
  readonly chroma: number;
}

/**
 * Reads 12 pixels of each of 32×18 cells, so that the cost (about 7,000 pixels) does not depend on the size of
 * the picture.
 */
export function createPictureSampler(): (frame: Frame) => PictureSample {
  const cells = new Float32Array(GRID_CELLS);
  let offsets = new Int32Array(0);
  let width = 0;
  let height = 0;

  return (frame) => {
    if (frame.width !== width || frame.height !== height) {
      width = frame.width;
      height = frame.height;
      offsets = sampleOffsets(width, height);
    }
    const data = frame.data;
    let chroma = 0;
    let s = 0;
    for (let cell = 0; cell < GRID_CELLS; cell++) {
      let luma = 0;
      for (const end = s + PER_CELL_X * PER_CELL_Y; s < end; s++) {
        const at = offsets[s]!;
        const r = data[at]!;
        const g = data[at + 1]!;
        const b = data[at + 2]!;
        luma += 77 * r + 150 * g + 29 * b;
        chroma += (r > g ? (r > b ? r : b) : g > b ? g : b) - (r < g ? (r < b ? r : b) : g < b ? g : b);
      }
      cells[cell] = luma / (PER_CELL_X * PER_CELL_Y * 256 * 255);
    }
    return { cells, chroma: chroma / (SAMPLES * 255) };
  };
}

/** Byte offsets of the sampled pixels, cell by cell, at the centres of a regular raster. */
function sampleOffsets(width: number, height: number): Int32Array<ArrayBuffer> {
  const offsets = new Int32Array(SAMPLES);
  let s = 0;
  for (let cell = 0; cell < GRID_CELLS; cell++) {
    const column = cell % GRID_COLUMNS;
    const row = (cell - column) / GRID_COLUMNS;
    for (let j = 0; j < PER_CELL_Y; j++) {
      const y = Math.floor(((row + (j + 0.5) / PER_CELL_Y) / GRID_ROWS) * height);
      for (let i = 0; i < PER_CELL_X; i++) {
        const x = Math.floor(((column + (i + 0.5) / PER_CELL_X) / GRID_COLUMNS) * width);
        offsets[s++] = (y * width + x) * 3;
      }
    }
  }
  return offsets;
}
