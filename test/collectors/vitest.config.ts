import { defineConfig } from 'vitest/config';

// Servers are started once a file; two files at a time are enough for a small machine.
export default defineConfig({
  test: {
    include: ['test/collectors/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
