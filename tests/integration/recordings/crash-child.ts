import { startCallRecording } from '../../../streams/index.ts';
import { GREEN, plain, RED, tone } from './measure.ts';

/** A service in small that records a call until it is killed. Says `recording` when there is something in the file. */
const [, , path = '', startedAt = '0'] = process.argv;
const recording = startCallRecording({ path, fps: 10, startedAt: Number(startedAt), maxMs: 60_000 });
const from = performance.now();
let n = 0;
setInterval(() => {
  for (; n * 10 < performance.now() - from; n += 1) {
    recording.sound('cabin', tone(n, 440));
    recording.sound('operator', tone(n, 1_250));
    if (n % 10 !== 0) continue;
    recording.picture('cabin', plain(320, 180, GREEN));
    recording.picture('operator', plain(320, 240, RED));
  }
  if (recording.durationMs > 2_500) process.stdout.write('recording\n');
}, 20);
