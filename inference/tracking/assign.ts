import { munkres } from 'munkres';

/** Above any cost that a caller's gate lets through, and finite, as the solver needs it. */
const FORBIDDEN = 1e6;

/**
 * Pairs rows with columns at the least total cost (Hungarian method).
 * @param cost of a pair, 0–1000; `undefined` forbids it
 */
export function assign(
  rows: number,
  columns: number,
  cost: (row: number, column: number) => number | undefined,
): [row: number, column: number][] {
  if (rows === 0 || columns === 0) return [];
  const matrix: number[][] = [];
  for (let r = 0; r < rows; r++) {
    const line: number[] = [];
    for (let c = 0; c < columns; c++) line.push(cost(r, c) ?? FORBIDDEN);
    matrix.push(line);
  }
  // One pair is the rule in a cabin and needs no solver.
  const pairs: [number, number][] = rows === 1 && columns === 1 ? [[0, 0]] : munkres(matrix);
  return pairs.filter(([r, c]) => matrix[r]![c]! < FORBIDDEN);
}
