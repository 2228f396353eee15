import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCamera } from '../../../cli/index.ts';
import { type RtspSimulator, startRtspSimulator } from '../../../simulator/index.ts';
import { testVideo } from '../../fixtures/media.ts';

const BIN = fileURLToPath(new URL('../../../bin/cabinwatch.js', import.meta.url));
let simulator: RtspSimulator;

beforeAll(async () => {
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'];
  const good = await testVideo({ size: '640x360', fps: 15, seconds: 10, encode: [...encode, '-g', '15'] });
  const sparse = await testVideo({ size: '640x360', fps: 15, seconds: 16, encode: [...encode, '-g', '120'] });
  simulator = await startRtspSimulator({
    cameras: [
      { name: 'good', file: good, user: 'viewer', password: 'd0ct@r/word' },
      { name: 'sparse', file: sparse },
    ],
  });
});
afterAll(() => simulator?.close());

test('a good camera has nothing to change, and is measured as it is', async () => {
  const findings = await checkCamera(simulator.url('good'));
  expect(findings.filter((finding) => finding.level === 'change')).toEqual([]);
  expect(findings[0]?.facts).toMatchObject({ codec: 'h264', width: 640, height: 360, bFrames: false });
  expect(Number(findings[0]?.facts?.fpsMeasured)).toBeCloseTo(15, -0.5);
});

test('key frames far apart are to be changed', async () => {
  const findings = await checkCamera(simulator.url('sparse'));
  const told = findings.filter((finding) => finding.level === 'change').map((finding) => finding.id);
  expect(told).toEqual(['camera-key-frames']);
});

test('a wrong password, a wrong path and a dead address each get their own remedy', async () => {
  const right = simulator.url('good');
  const [password] = await checkCamera(right.replace(/\/\/[^@]*@/, '//viewer:wrong@'));
  expect(password).toMatchObject({ level: 'change', facts: { code: 'CAMERA_UNAUTHORIZED' } });
  const [path] = await checkCamera(simulator.url('sparse').replace('sparse', 'nowhere'));
  expect(path).toMatchObject({ level: 'change', facts: { code: 'CAMERA_NOT_FOUND' } });
  const [dead] = await checkCamera('rtsp://127.0.0.1:9/x');
  expect(dead).toMatchObject({ level: 'change', facts: { code: 'CAMERA_UNREACHABLE' } });
});

/** What everybody on the machine can read of a program; nothing once it has ended. */
function commandLine(pid: string | number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function ourCommandLines(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .map(commandLine)
    .filter((line) => /ffmpeg|ffprobe|cabinwatch/.test(line))
    .join('\n');
}

test.runIf(process.platform === 'linux')(
  'the command speaks the language that was asked for, and shows the password to nobody',
  async () => {
    const args = [BIN, 'doctor', '--lang', 'zh', '--json', '--camera', simulator.url('good')];
    let shown = '';
    const output = await new Promise<string>((resolve) => {
      const child = execFile(process.execPath, args, (_error, out, err) => {
        clearInterval(look);
        resolve(out + err);
      });
      const look = setInterval(() => {
        // From when the program runs: before that, its arguments are what the caller wrote.
        if (commandLine(child.pid).startsWith('cabinwatch')) shown += ourCommandLines();
      }, 200);
    });
    expect(output).toContain('摄像头 rtsp://');
    expect(shown).toContain('ffmpeg');
    for (const secret of ['d0ct@r', 'd0ct%40r']) {
      expect(output).not.toContain(secret);
      expect(shown).not.toContain(secret);
    }
  },
  60_000,
);
