import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores are the reference machine; more workers only make the ffmpeg tests fight for them.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // Beside the code: they share their worker's modules, which saves loading the same ones 160 times.
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', 'dist/**', '.cache/**', '.data/**', 'tests/**'],
          isolate: false,
        },
      },
      {
        extends: true,
        // With real servers, processes and models: each file has a process of its own.
        test: { name: 'whole', include: ['tests/**/*.test.ts'] },
      },
    ],
  },
});
