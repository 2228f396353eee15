import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCamera } from '../../../cli/doctor/check-camera.ts';
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
      { name: 'good', file: good, user: 'viewer', password: 'p@ss/word' },
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

test('the command shows the camera in the language that was asked for, and never its password', async () => {
  const args = [BIN, 'doctor', '--lang', 'zh', '--json', '--camera', simulator.url('good')];
  const { out, shown } = await new Promise<{ out: string; shown: string }>((resolve, reject) => {
    let seen = '';
    const child = execFile(process.execPath, args, (_error, stdout, stderr) => {
      clearInterval(look);
      resolve({ out: stdout + stderr, shown: seen });
    });
    // What everybody on the machine can read while it runs, once the program has started to run at all.
    const look = setInterval(() => {
      execFile('ps', ['-A', '-o', 'args='], (error, list) => {
        if (error) reject(error);
        else if (list.includes('cabinwatch\n'))
          seen += list
            .split('\n')
            .filter((line) => /ffmpeg|ffprobe|cabinwatch/.test(line))
            .join('\n');
      });
    }, 500);
    child.once('error', reject);
  });
  expect(out).toContain('摄像头 rtsp://');
  expect(shown).toContain('ffmpeg');
  for (const secret of ['p@ss', 'p%40ss']) {
    expect(out).not.toContain(secret);
    expect(shown).not.toContain(secret);
  }
}, 60_000);
