/** x1, y1, x2, y2 in pixels of the network's input. */
export type PixelBox = readonly [number, number, number, number];

/** What is to be found in one picture, in the network's pixels. */
export interface PictureTruth {
  /** Things of the class, as far as they are seen. */
  readonly boxes: readonly PixelBox[];
  /** Places of which nothing may be learnt: too little of a thing is seen to ask for it, too much to deny it. */
  readonly ignored: readonly PixelBox[];
}

/** A picture as the head sees it: the frozen network's features, float32 [rows, columns, channels], and the truth. */
export interface Sample extends PictureTruth {
  readonly features: Float32Array;
}

/** The cells of a feature map. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Pixels a cell. */
  readonly stride: number;
}

/** Samples that may be larger than memory: they are read as they are needed. */
export interface SampleSet {
  readonly grid: Grid;
  readonly channels: number;
  readonly count: number;
  read(index: number): Promise<Sample>;
}
