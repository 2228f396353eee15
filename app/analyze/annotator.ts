import type { BehaviourEvent, Scene } from '../../core/index.ts';
import { createVideoWriter, type FileSource } from '../../streams/index.ts';
import { Overlay } from './overlay.ts';

export interface Annotator {
  /** @param picture RGB24 of the source's size */
  draw(picture: Uint8Array, scene: Scene, events: readonly BehaviourEvent[]): Promise<void>;
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Writes the analysed pictures as a video, with boxes, poses, ids and events drawn on. */
export function createAnnotator(path: string, source: Pick<FileSource, 'size' | 'fps'>): Annotator {
  const { size, fps } = source;
  const writer = createVideoWriter({ path, size, fps });
  const overlay = new Overlay();
  return {
    async draw(picture, scene, events) {
      const { default: sharp } = await import('sharp');
      const svg = overlay.draw(scene, events, size.width, size.height);
      const drawn = await sharp(picture, { raw: { ...size, channels: 3 } })
        .composite([{ input: Buffer.from(svg) }])
        .removeAlpha()
        .raw()
        .toBuffer();
      await writer.write(drawn);
    },
    finish: () => writer.finish(),
    close: () => writer.close(),
  };
}
