import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../core/index.ts';

export interface BenchCamera {
  readonly url: string;
  close(): Promise<void>;
}

const ROOT = projectRoot();
/** Somebody moves in it: there is something to encode. */
const CLIP = join(ROOT, 'datasets/synthetic/clips/entrapment-between-floors/clip.mp4');
const MINUTES = 10;

/**
 * GStreamer's RTSP server, in a process of its own, as a cabin's camera: 640×360 H.264 at 15 fps, a key frame every 2 s, G.711 of a
 * microphone, and a loudspeaker (ONVIF backchannel). Nothing is encoded while it runs.
 */
export async function startCamera(): Promise<BenchCamera> {
  const film = filmOf(CLIP);
  const script = join(ROOT, 'tests/fixtures/rtsp-server.py');
  const child = spawn('/usr/bin/python3', [script, '0', 'onvif'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { port } = JSON.parse((await lines.next()).value);
  const speaker =
    'capsfilter caps="application/x-rtp, media=audio, payload=8, clock-rate=8000, encoding-name=PCMA" ' +
    'name=depay_backchannel ! rtppcmadepay ! fakesink async=false sync=false';
  const launch = [
    `( filesrc location=${film} ! matroskademux name=film`,
    'film. ! queue ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96',
    'film. ! queue ! rtppcmapay name=pay1 pt=8 max-ptime=20000000 )',
  ].join(' ');
  child.stdin.write(
    `${JSON.stringify({ op: 'mount', path: '/cabin', launch, backchannel: `( ${speaker} )` })}\n`,
  );
  await lines.next();
  return {
    url: `rtsp://127.0.0.1:${port}/cabin`,
    async close() {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

/** The clip over and over, with a microphone's hum; made once, kept in `.cache/bench`. */
function filmOf(clip: string): string {
  const folder = join(ROOT, '.cache/bench');
  const file = join(folder, 'call-camera.mkv');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const seconds = String(MINUTES * 60);
  const once = join(folder, 'call-camera-once.mkv');
  const ffmpeg = (...args: string[]): void => void execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
  const h264 = ['-c:v', 'libx264', '-profile:v', 'main', '-preset', 'veryfast', '-bf', '0', '-g', '30'];
  ffmpeg('-i', clip, '-an', '-vf', 'scale=640:360,fps=15', ...h264, '-b:v', '600k', once);
  const hum = ['-f', 'lavfi', '-i', 'anoisesrc=color=pink:amplitude=0.05:sample_rate=8000'];
  const copy = ['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'pcm_alaw', '-ac', '1', '-t', seconds];
  ffmpeg('-stream_loop', '-1', '-i', once, ...hum, ...copy, file);
  return file;
}
