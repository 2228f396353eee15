import type { Projector } from '../lens.ts';
import { skin } from '../motion/skinning.ts';
import type { BodyPart } from '../people/body.ts';
import { MASK_RANGE } from '../stage/protocol.ts';

/** A box as [x1, y1, x2, y2] of the picture, 0–1 inside it. */
export type TruthBox = readonly [number, number, number, number];

/** One cell of the silhouette's grid is this many pixels wide and high. */
const CELL = 4;
/** The grid reaches half a picture beyond each edge, so that what is cut off counts as unseen. */
const MARGIN = 0.5;

/** Collects the outline that something would have if nothing stood before it. */
export class Silhouette {
  readonly #projector: Projector;
  readonly #columns: number;
  readonly #rows: number;
  readonly #grid: Uint8Array;
  #box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];

  constructor(projector: Projector, width: number, height: number) {
    this.#projector = projector;
    this.#columns = Math.floor(width / CELL);
    this.#rows = Math.floor(height / CELL);
    this.#grid = new Uint8Array(this.#columns * 2 * this.#rows * 2);
  }

  /** Bounds of all points, normalised, not cut at the picture's edges; undefined when nothing is in front of the lens. */
  get box(): TruthBox | undefined {
    return this.#box[0] < Infinity ? this.#box : undefined;
  }

  addPoints(points: ArrayLike<number>): void {
    for (let i = 0; i + 2 < points.length; i += 3)
      this.#reach(points[i] as number, points[i + 1] as number, points[i + 2] as number);
  }

  addPart(part: BodyPart, matrices: Float64Array): void {
    const v = skin(part, matrices);
    const at = new Float32Array((v.length / 3) * 2);
    for (let i = 0; i < v.length / 3; i++) {
      const p = this.#reach(v[i * 3] as number, v[i * 3 + 1] as number, v[i * 3 + 2] as number);
      at[i * 2] = p ? (p.x + MARGIN) * this.#columns : Number.NaN;
      at[i * 2 + 1] = p ? (p.y + MARGIN) * this.#rows : Number.NaN;
    }
    for (let i = 0; i < part.triangles.length; i += 3) {
      this.#fill(
        at,
        part.triangles[i] as number,
        part.triangles[i + 1] as number,
        part.triangles[i + 2] as number,
      );
    }
  }

  /** Share of the outline where `mask` shows `id`; undefined for an outline too small to sample. */
  visibleShare(mask: MaskView, id: number): number | undefined {
    let all = 0;
    let seen = 0;
    for (let row = 0; row < this.#rows * 2; row++) {
      for (let column = 0; column < this.#columns * 2; column++) {
        if (this.#grid[row * this.#columns * 2 + column] === 0) continue;
        all++;
        const x = (column + 0.5) * CELL - MARGIN * this.#columns * CELL;
        const y = (row + 0.5) * CELL - MARGIN * this.#rows * CELL;
        if (
          x >= 0 &&
          y >= 0 &&
          x < mask.width &&
          y < mask.height &&
          mask.id(Math.floor(x), Math.floor(y)) === id
        )
          seen++;
      }
    }
    return all >= 6 ? seen / all : undefined;
  }

  #reach(x: number, y: number, z: number): { x: number; y: number } | undefined {
    const p = this.#projector.project([x, y, z]);
    if (!p.seen) return undefined;
    this.#box = [
      Math.min(this.#box[0], p.x),
      Math.min(this.#box[1], p.y),
      Math.max(this.#box[2], p.x),
      Math.max(this.#box[3], p.y),
    ];
    return p;
  }

  /** Marks the cells whose middle lies in the triangle. */
  #fill(at: Float32Array, a: number, b: number, c: number): void {
    const [ax, ay, bx, by, cx, cy] = [
      at[a * 2],
      at[a * 2 + 1],
      at[b * 2],
      at[b * 2 + 1],
      at[c * 2],
      at[c * 2 + 1],
    ] as [number, number, number, number, number, number];
    const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const x1 = Math.min(this.#columns * 2 - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const y1 = Math.min(this.#rows * 2 - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    for (let row = y0; row <= y1; row++) {
      for (let column = x0; column <= x1; column++) {
        const [px, py] = [column + 0.5, row + 0.5];
        const s = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
        const t = (cx - bx) * (py - by) - (cy - by) * (px - bx);
        const u = (ax - cx) * (py - cy) - (ay - cy) * (px - cx);
        if ((s >= 0 && t >= 0 && u >= 0) || (s <= 0 && t <= 0 && u <= 0))
          this.#grid[row * this.#columns * 2 + column] = 1;
      }
    }
  }
}

/** Reads the stage's masks: who is seen at a pixel, and how far away. */
export class MaskView {
  readonly width: number;
  readonly height: number;
  readonly #bytes: Uint8Array;

  /** @param bytes the masks as stage/protocol.ts lays them out: ids, then distances */
  constructor(bytes: Uint8Array, width: number, height: number) {
    if (bytes.length !== width * height * 2)
      throw new RangeError(
        `masks of ${width}x${height} have ${width * height * 2} bytes, got ${bytes.length}`,
      );
    this.#bytes = bytes;
    this.width = width;
    this.height = height;
  }

  id(x: number, y: number): number {
    return this.#bytes[y * this.width + x] as number;
  }

  /** Metres; only where something is seen. */
  distance(x: number, y: number): number {
    return ((this.#bytes[(this.height + y) * this.width + x] as number) / 255) * MASK_RANGE;
  }

  /** The tight box of every id that is seen, and how many pixels it has. */
  extents(): Map<number, { box: TruthBox; pixels: number }> {
    const found = new Map<number, { x1: number; y1: number; x2: number; y2: number; pixels: number }>();
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const id = this.id(x, y);
        if (id === 0) continue;
        const e = found.get(id);
        if (!e) found.set(id, { x1: x, y1: y, x2: x + 1, y2: y + 1, pixels: 1 });
        else {
          e.x1 = Math.min(e.x1, x);
          e.x2 = Math.max(e.x2, x + 1);
          e.y2 = y + 1;
          e.pixels++;
        }
      }
    }
    return new Map(
      [...found].map(([id, e]) => [
        id,
        {
          box: [e.x1 / this.width, e.y1 / this.height, e.x2 / this.width, e.y2 / this.height] as const,
          pixels: e.pixels,
        },
      ]),
    );
  }
}
