import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketGuard } from './packet-guard.ts';

/** An MQTT packet with a body of so many bytes. */
function packet(length: number): Uint8Array {
  const header = [0x30];
  for (let rest = length; ; rest >>= 7) {
    header.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Uint8Array.from([...header, ...new Uint8Array(length).fill(0xff)]);
}

const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let i = 0, n = 0; i < bytes.length; n++) {
    const size = sizes[n % sizes.length] as number;
    chunks.push(bytes.subarray(i, i + size));
    i += size;
  }
  return chunks;
};

test('however packets are cut into chunks, they pass if and only if none is too long', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 8 });
  const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lengths, sizes, fc.integer({ min: 0, max: 800 }), (all, chunkSizes, most) => {
      const guard = new PacketGuard(most);
      const bytes = Buffer.concat(all.map(packet));
      const passed = cut(bytes, chunkSizes).every((chunk) => guard.admits(chunk));
      expect(passed).toBe(all.every((length) => length <= most));
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('a length without end does not pass', () => {
  expect(new PacketGuard(2 ** 31).admits(Uint8Array.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(
    false,
  );
});
