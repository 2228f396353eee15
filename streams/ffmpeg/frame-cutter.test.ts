import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameCutter } from './frame-cutter.ts';

it('cuts the same pictures out of any portions, and copies nothing wrong', () => {
  const bytes = Uint8Array.from({ length: 4 * 2 * 3 * 5 + 7 }, (_, k) => k % 251);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (portions) => {
      const pictures: number[][] = [];
      const times: number[] = [];
      const cutter = new FrameCutter({
        liftId: 'lift',
        width: 4,
        height: 2,
        timeOf: (index) => index * 100,
        onFrame: (frame) => {
          pictures.push([...frame.data]);
          times.push(frame.ts);
          frame.close(); // its buffer is used again for the next
        },
      });
      for (let at = 0, k = 0; at < bytes.length; k++) {
        const size = portions[k % portions.length] as number;
        cutter.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect(times).toEqual([0, 100, 200, 300, 400]);
      expect(pictures.flat()).toEqual([...bytes.subarray(0, 120)]);
      expect(cutter.pending).toBe(7);
    }),
  );
});
