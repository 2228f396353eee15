export { type AnalyzeFileOptions, analyzeFile } from './analyze/analyze-file.ts';
export type { AnalysisLine } from './analyze/event-lines.ts';
