import { defineConfig } from 'vitest/config';

// Two projects: `unit` runs anywhere in seconds; `e2e` needs the practice cluster and runs three files at a time.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // For what hangs, not for what is slow on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Each file has labs of its own, which mostly wait: for BCM, and for etcd to have been connected long enough.
          maxWorkers: 3,
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
