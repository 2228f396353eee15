import type { ErrorCode } from '../../core/index.ts';
import type { Answer, Question } from './look.ts';
import type { OrtModelOptions } from './ort-model.ts';

/** Engine → worker, worked off one after another. `id` comes back with the reply. The picture lies in shared memory. */
export type Request =
  | { readonly id: number; readonly kind: 'load'; readonly file: string }
  | { readonly id: number; readonly kind: 'ask'; readonly file: string; readonly question: Question }
  /** The last one: the thread lets go of its models and ends. */
  | { readonly id: number; readonly kind: 'end' };

/** Worker → engine. */
export type Reply =
  | { readonly id: number; readonly kind: 'loaded'; readonly provider: string }
  | { readonly id: number; readonly kind: 'answer'; readonly answer: Answer }
  | { readonly id: number; readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'fallback'; readonly provider: string; readonly reason: string };

export interface WorkerSettings extends OrtModelOptions {
  /** See NativeGate. */
  readonly gate: Int32Array;
}
