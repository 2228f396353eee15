import { execFileSync } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startSite } from './site/start-site.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-tls-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function certificate(name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-days', '2', '-nodes'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...subject, ...files],
    {
      stdio: 'ignore',
    },
  );
  return { cert, key };
}

/** Whose certificate the server shows now. */
const shown = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });

it('serves over TLS, and takes a renewed certificate without a restart', async () => {
  const [first, second] = [certificate('first'), certificate('second')];
  const site = await startSite({ tls: first });
  try {
    expect(site.url).toMatch(/^https:/);
    const port = Number(new URL(site.url).port);
    expect(await shown(port)).toBe('first');
    // Half of a pair is no pair: the one before stays until both are there.
    await rename(second.cert, first.cert);
    await rename(second.key, first.key);
    await vi.waitFor(async () => expect(await shown(port)).toBe('second'), {
      timeout: 30_000,
      interval: 300,
    });
  } finally {
    await site.api.close();
  }
});

it('does not start with files that do not belong together', async () => {
  const pair = certificate('first');
  await writeFile(pair.key, 'no key');
  await expect(startSite({ tls: pair })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
