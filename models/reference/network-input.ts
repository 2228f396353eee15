import type { ParsedManifest } from '../parse-manifest.ts';
import { type Boxed, type Picture, referenceLetterbox } from './letterbox.ts';
import type { ReferenceTensor } from './tfjs-network.ts';

/** A network's own input for one picture, made plainly, and where the picture lies in it. */
export function referenceInput(
  { input }: ParsedManifest,
  picture: Picture,
  width: number,
  height: number,
): { readonly tensor: ReferenceTensor; readonly boxed: Boxed } {
  const boxed = referenceLetterbox(picture, width, height, input.padValue);
  const nchw = input.layout === 'nchw';
  const pixels = width * height;
  const values = input.type === 'int32' ? new Int32Array(pixels * 3) : new Float32Array(pixels * 3);
  for (let channel = 0; channel < 3; channel++) {
    const from = input.channels === 'bgr' ? 2 - channel : channel;
    const [mean, std] = [input.mean?.[channel] ?? 0, input.std?.[channel] ?? 1];
    for (let i = 0; i < pixels; i++) {
      const value = ((boxed.data[i * 3 + from] as number) - mean) / std;
      values[nchw ? channel * pixels + i : i * 3 + channel] = value;
    }
  }
  const dims = nchw ? [1, 3, height, width] : [1, height, width, 3];
  return { tensor: { type: input.type, dims, data: values }, boxed };
}
