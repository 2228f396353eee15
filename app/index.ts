export { type AnalyzeFileOptions, analyzeFile } from './analyze/analyze-file.ts';
export type { AnalysisLine } from './analyze/event-lines.ts';
export { type DemoClip, readDemoClips } from './demo/clip-truth.ts';
export type { Finding } from './demo/compare.ts';
export { type ClipVerdict, playOnce } from './demo/play-once.ts';
export { type Demo, type DemoOptions, startDemo } from './demo/start-demo.ts';
export { type App, type AppDeps, createApp } from './service/create-app.ts';
export { LiveState } from './service/live-state.ts';
export type { Models } from './service/open-models.ts';
