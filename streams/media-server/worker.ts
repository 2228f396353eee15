import { parentPort, workerData } from 'node:worker_threads';
import { Gate } from './gate.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import { openServer } from './server.ts';

/** node-media-server in a thread of its own: its state is global, and it ends the process when a port is taken. */
const port = parentPort;
if (!port) throw new Error('this file is started as a worker thread');
const settings = workerData as WorkerSettings;
const gate = new Gate(settings);
const tell = (message: FromWorker): void => port.postMessage(message);
const server = openServer(settings, gate, tell);

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'camera':
      if (message.present) {
        gate.addCamera(message.cameraId);
      } else {
        gate.removeCamera(message.cameraId);
        server.disconnect(message.cameraId);
      }
      break;
    case 'publisher':
      if (message.allowed) gate.allowPublisher(message.cameraId, message.key, message.kind);
      else gate.revokePublisher(message.cameraId, message.key);
      break;
    case 'close':
      server.close();
      port.close();
      break;
  }
});
