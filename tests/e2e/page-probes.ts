/**
 * Functions that run in the page. Only what they use of the page's own types is written out: the browser's whole type
 * library would make its globals look as if the service had them.
 */

export interface Playing {
  readonly time: number;
  readonly frames: number;
}

export function readVideo(element: unknown): Playing {
  const video = element as {
    readonly currentTime: number;
    getVideoPlaybackQuality(): { readonly totalVideoFrames: number };
  };
  return { time: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames };
}

/** Pixels of a canvas that are not transparent. */
export function paintedPixels(element: unknown): number {
  const canvas = element as {
    readonly width: number;
    readonly height: number;
    getContext(kind: '2d'): {
      getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
    };
  };
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width || 1, canvas.height || 1);
  return data.filter((value, i) => i % 4 === 3 && value > 0).length;
}

export const scrollWidth = (element: unknown): number =>
  (element as { readonly scrollWidth: number }).scrollWidth;

/** Of an image that has come; 0 of one that has not. */
export const naturalWidth = (element: unknown): number =>
  (element as { readonly naturalWidth: number }).naturalWidth;
