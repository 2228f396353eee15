/** One question to a model, as plain data that can cross a thread. */
export interface Question {
  readonly width: number;
  readonly height: number;
  /** RGB24, `width * height * 3` bytes. */
  readonly data: Uint8Array;
  /** x1, y1, x2, y2, normalised. */
  readonly region: readonly [number, number, number, number];
  readonly scoreThreshold: number;
  /** What the picture is scaled to fit into; only asked of models that take any size. */
  readonly size: { readonly width: number; readonly height: number };
}

/** N answers by falling score: `boxes` N × 4 (x1, y1, x2, y2), and classes (N) or keypoints (N × 17 × 3). */
export interface Answer {
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  readonly classes?: readonly number[];
  readonly keypoints?: Float32Array;
}
