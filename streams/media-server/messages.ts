import type { PublisherKind } from './gate.ts';

/** What the worker is started with. */
export interface WorkerSettings {
  readonly bind: string;
  readonly rtmpPort: number;
  readonly httpPort: number;
  readonly secret: string;
  readonly readerKey: string;
  /** A viewer who takes less than is sent is cut off once this much waits for him, bytes. */
  readonly maxViewerBacklog: number;
  /** A publisher who sends nothing for this long is cut off, ms. */
  readonly publisherIdleMs: number;
}

export type ToWorker =
  | { readonly type: 'camera'; readonly cameraId: string; readonly present: boolean }
  | {
      readonly type: 'publisher';
      readonly cameraId: string;
      readonly key: string;
      readonly kind: PublisherKind;
      readonly allowed: boolean;
    }
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'listening'; readonly rtmpPort: number; readonly httpPort: number }
  | { readonly type: 'failed'; readonly what: string; readonly code: string }
  | {
      readonly type: 'publishing';
      readonly cameraId: string;
      readonly kind: PublisherKind;
      readonly active: boolean;
    }
  | { readonly type: 'viewers'; readonly cameraId: string; readonly count: number }
  | {
      readonly type: 'refused';
      readonly what: 'publish' | 'play';
      readonly cameraId: string;
      readonly reason: string;
    }
  | { readonly type: 'dropped'; readonly what: 'slow-viewer' | 'bad-rtmp'; readonly count: number };
