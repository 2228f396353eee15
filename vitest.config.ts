import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '.cache/**', '.data/**'],
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores are the reference machine; more workers only make the ffmpeg tests fight for them.
    maxWorkers: 2,
  },
});
