import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testVideo } from '../../tests/fixtures/media.ts';
import { addressInput } from './input.ts';
import { probe } from './probe.ts';

it('puts nothing of the address or its options on the command line', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!-~]{8,40}$/), (secret) => {
      const { options, target } = addressInput(`rtsp://u:${secret}@h/`, {
        rtsp_transport: 'udp',
        timeout: 77,
      });
      const line = [...options, target].join('\n');
      expect(line).not.toContain(secret);
      expect(line).not.toContain('rtsp_transport');
    }),
  );
});

it('refuses an address that would add lines to the script', () => {
  for (const end of ['\n', '\r', '\0']) {
    expect(() => addressInput(`rtsp://host/${end}file /etc/passwd`)).toThrow(/line break/);
  }
});

it('is read by ffmpeg as it was meant, whatever the name contains', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-input-'));
  const path = join(folder, "it's a $HOME \\ #1 %s 'x'.mp4");
  await copyFile(await testVideo(), path);
  const { info, messages } = await probe(addressInput(`file:${path}`));
  await rm(folder, { recursive: true });
  expect(messages).toEqual([]);
  expect(info?.video).toMatchObject({ codec: 'h264', width: 320 });
});
